import { z } from "zod";
import { METADATA_KEYS_MAX, METADATA_VALUE_CHARS_MAX } from "@/lib/core/limits";
import { type Filters, NO_FILTERS } from "@/lib/rules/filters";
import type { Tally } from "@/lib/rules/tally";
import {
  type Credentials,
  changedSettingShape,
  credentials,
  type Schedule,
  schedule,
  settingShape,
  someFilters,
  USUAL_SETTINGS,
} from "./settings";

export {
  type Credentials,
  containerTag,
  containerTags,
  credentials,
  keyCredentials,
  openCredentials,
  type Schedule,
} from "./settings";

/** Where the bucket is. What the credentials are tried on. */
export const location = z.object({
  bucket: settingShape.bucket,
  region: settingShape.region,
  endpoint: settingShape.endpoint.default(null),
  addressingStyle: settingShape.addressingStyle.optional(),
  caPem: settingShape.caPem.default(null),
  prefix: settingShape.prefix.default(""),
});

/** Everything a person or a program says when it connects a bucket. */
export const connectBucketInput = location.extend({
  credentials,
  filters: someFilters.default({}).transform((some): Filters => ({ ...NO_FILTERS, ...some })),
  containerTagRegex: settingShape.containerTagRegex.default(null),
  tagFallback: settingShape.tagFallback.default(USUAL_SETTINGS.tagFallback),
  containerTags: settingShape.containerTags.default([]),
  documentLimit: settingShape.documentLimit.default(USUAL_SETTINGS.documentLimit),
  deletionPolicy: settingShape.deletionPolicy.default(USUAL_SETTINGS.deletionPolicy),
  requestRateMax: settingShape.requestRateMax.default(null),
  schedule: schedule.default({ kind: "interval", cron: null, timeZone: null, intervalMs: null }),
  metadata: z
    .record(z.string().max(128), z.union([z.string().max(METADATA_VALUE_CHARS_MAX), z.number(), z.boolean()]))
    .refine(
      (value) => Object.keys(value).length <= METADATA_KEYS_MAX,
      `may have at most ${METADATA_KEYS_MAX} keys`,
    )
    .default({}),
});
export type ConnectBucketInput = z.infer<typeof connectBucketInput>;

/**
 * What of a connection is to be another way; what is not said stays, and null takes a setting away. Filters are taken
 * one by one.
 */
export const changeConnectionInput = z
  .object({ ...changedSettingShape, credentials, filters: someFilters, schedule })
  .partial();
export type ChangeConnectionInput = z.infer<typeof changeConnectionInput>;

export const checkConnectionInput = location.extend({ credentials });
export type CheckConnectionInput = z.infer<typeof checkConnectionInput>;

/** A connection as the console reads it. No secret, ever: not even the access key ID's tail. Times are epoch ms. */
export type ConnectionView = {
  id: string;
  provider: "s3";
  bucket: string;
  region: string;
  endpoint: string | null;
  addressingStyle: "path" | "virtual";
  caPem: string | null;
  credentialsKind: Credentials["kind"];
  /** What the trust policy of an assumed role asks for; null where no role is assumed. */
  externalId: string | null;
  prefix: string;
  filters: Filters;
  containerTagRegex: string | null;
  tagFallback: "connection_tags" | "skip";
  containerTags: string[];
  documentLimit: number;
  deletionPolicy: "remove" | "keep";
  requestRateMax: number | null;
  schedule: Schedule;
  /** What its creator sent beside the settings. */
  metadata: Record<string, string | number | boolean>;
  nextRunAt: number | null;
  /** Set while the schedule is slower than it says, after `failures` runs that failed in a row. */
  backOff: { untilAt: number; failures: number; sentence: string } | null;
  /** While set, nothing of it runs. */
  pausedAt: number | null;
  createdAt: number;
  documentCount: number;
  failedCount: number;
  /** Documents whose text is longer than what is kept of it. */
  cutCount: number;
  /** The open hold, if removals wait for a person. */
  hold: HoldView | null;
  /** When a run that lists the bucket last completed. */
  lastSyncedAt: number | null;
  /** Plans are left out: they change nothing. */
  lastRun: ConnectionRunFacts | null;
};

/** Removals on hold as the run `runId` has listed them. A later run makes another list. */
export type HoldView = { runId: string; keyCount: number; reason: string };

/** The newest run, as far as a row of the connection list shows it. */
export type ConnectionRunFacts = {
  id: string;
  status: "queued" | "running" | "completed" | "failed" | "canceled";
  trigger: "manual" | "cron" | "event";
  queuedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  listedAt: number | null;
  errorCode: string | null;
  error: string | null;
  tally: Tally;
  getRequests: number;
  bytesRead: number;
};

/** The stages of the check, in the order in which they are tried. */
export type CheckStage = {
  name: "address" | "sign" | "list" | "read";
  outcome: "ok" | "skipped" | "failed";
  /** What was found, in a sentence. */
  message: string;
};

export type CheckResult = { isOk: boolean; stages: CheckStage[]; sampleKeys: string[] };
