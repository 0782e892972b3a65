import { z } from "zod";
import {
  CONTAINER_TAGS_MAX,
  DOCUMENT_LIMIT_DEFAULT,
  DOCUMENT_LIMIT_MAX,
  KEY_BYTES_MAX,
  METADATA_KEYS_MAX,
  METADATA_VALUE_CHARS_MAX,
} from "@/lib/core/limits";
import { compileContainerTagRegex, isContainerTag } from "@/lib/rules/container-tag";
import { scheduleProblem } from "@/lib/rules/schedule";
import type { Tally } from "@/lib/rules/tally";

export const containerTag = z
  .string()
  .refine(isContainerTag, "must be 1 to 100 letters, digits, underscores, hyphens or colons");

export const containerTags = z.array(containerTag).max(CONTAINER_TAGS_MAX);

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

/** Bucket names as S3 and its relatives take them; the store has the last word. */
const bucket = z
  .string()
  .trim()
  .min(1, "is required")
  .max(255, "must have at most 255 characters")
  .regex(/^[a-zA-Z0-9._-]+$/, "may have letters, digits, dots, hyphens and underscores only");

export const credentials = z.object({
  accessKeyId: z.string().trim().min(1, "is required").max(512),
  secretAccessKey: z.string().trim().min(1, "is required").max(1_024),
});
export type Credentials = z.infer<typeof credentials>;

export const schedule = z
  .object({
    kind: z.enum(["interval", "cron", "manual"]),
    cron: z.string().trim().max(200).nullable().default(null),
    timeZone: z.string().trim().max(64).nullable().default(null),
  })
  .superRefine((value, context) => {
    const problem = scheduleProblem(value);
    if (problem) context.addIssue({ code: "custom", path: ["cron"], message: problem });
  });
export type Schedule = z.infer<typeof schedule>;

/** Where the bucket is. What the credentials are tried on. */
export const location = z.object({
  bucket,
  region: z
    .string()
    .trim()
    .min(1, "is required")
    .max(64)
    .regex(/^[a-zA-Z0-9-]+$/, "is not a region name"),
  /** Base URL of an S3-compatible store, without the bucket; null means AWS. */
  endpoint: z.string().trim().max(2_048).nullable().default(null),
  addressingStyle: z.enum(["path", "virtual"]).optional(),
  prefix: z
    .string()
    .refine((text) => utf8Length(text) <= KEY_BYTES_MAX, `must have at most ${KEY_BYTES_MAX} bytes`)
    .default(""),
});

export const containerTagRegex = z.string().superRefine((source, context) => {
  const compiled = compileContainerTagRegex(source);
  if ("problem" in compiled) context.addIssue({ code: "custom", message: compiled.problem });
});

/** Everything a person or a program says when it connects a bucket. */
export const connectBucketInput = location.extend({
  credentials,
  containerTagRegex: containerTagRegex.nullable().default(null),
  tagFallback: z.enum(["connection_tags", "skip"]).default("connection_tags"),
  containerTags: containerTags.default([]),
  documentLimit: z.number().int().min(1).max(DOCUMENT_LIMIT_MAX).default(DOCUMENT_LIMIT_DEFAULT),
  deletionPolicy: z.enum(["remove", "keep"]).default("remove"),
  schedule: schedule.default({ kind: "interval", cron: null, timeZone: null }),
  metadata: z
    .record(z.string().max(128), z.union([z.string().max(METADATA_VALUE_CHARS_MAX), z.number(), z.boolean()]))
    .refine(
      (value) => Object.keys(value).length <= METADATA_KEYS_MAX,
      `may have at most ${METADATA_KEYS_MAX} keys`,
    )
    .default({}),
});
export type ConnectBucketInput = z.infer<typeof connectBucketInput>;

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
  prefix: string;
  containerTagRegex: string | null;
  tagFallback: "connection_tags" | "skip";
  containerTags: string[];
  documentLimit: number;
  deletionPolicy: "remove" | "keep";
  schedule: Schedule;
  /** What its creator sent beside the settings. */
  metadata: Record<string, string | number | boolean>;
  nextRunAt: number | null;
  createdAt: number;
  documentCount: number;
  failedCount: number;
  /** The open hold, if removals wait for a person. */
  hold: { id: string; keyCount: number; reason: string } | null;
  /** When a run last completed. */
  lastSyncedAt: number | null;
  lastRun: ConnectionRunFacts | null;
};

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
