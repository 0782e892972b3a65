import type { Tx } from "@/lib/db/database";
import { scheduleOf } from "@/lib/rules/schedule";
import { type RunSettings, runSettingsOf } from "@/lib/sync/scope";
import { CREDENTIAL_KINDS, type Credentials, type Schedule } from "./settings";

/** Everything that is set of a connection, without its secret. */
export type ConnectionSettings = RunSettings & {
  addressingStyle: "path" | "virtual";
  caPem: string | null;
  credentialsKind: Credentials["kind"];
  requestRateMax: number | null;
  schedule: Schedule;
};

export type ConnectionRow = Awaited<ReturnType<Tx["prisma"]["connection"]["findUniqueOrThrow"]>> & {
  tags: { tag: string }[];
};

/** Chosen field by field: whatever is added to the row, the sealed credentials never come along. */
export function settingsOf(row: ConnectionRow): ConnectionSettings {
  return {
    ...runSettingsOf(row),
    addressingStyle: row.addressingStyle === "virtual" ? "virtual" : "path",
    caPem: row.caPem,
    credentialsKind: CREDENTIAL_KINDS.find((known) => known === row.credentialsKind) ?? "keys",
    requestRateMax: row.requestRateMax,
    schedule: scheduleOf(row),
  };
}

/** The columns that hold the settings. Tags are rows of their own: `tagRowsOf`. */
export function columnsOf(settings: ConnectionSettings) {
  const { filters, schedule } = settings;
  return {
    bucket: settings.bucket,
    region: settings.region,
    endpoint: settings.endpoint,
    addressingStyle: settings.addressingStyle,
    caPem: settings.caPem,
    credentialsKind: settings.credentialsKind,
    prefix: settings.prefix,
    includeGlobs: JSON.stringify(filters.includeGlobs),
    excludeGlobs: JSON.stringify(filters.excludeGlobs),
    extensions: JSON.stringify(filters.extensions),
    sizeBytesMin: bigintOf(filters.sizeBytesMin),
    sizeBytesMax: bigintOf(filters.sizeBytesMax),
    containerTagRegex: settings.containerTagRegex,
    tagFallback: settings.tagFallback,
    documentLimit: settings.documentLimit,
    deletionPolicy: settings.deletionPolicy,
    requestRateMax: settings.requestRateMax,
    scheduleKind: schedule.kind,
    scheduleCron: schedule.cron,
    scheduleTimeZone: schedule.timeZone,
    scheduleIntervalMs: bigintOf(schedule.intervalMs),
  };
}

export function tagRowsOf(settings: Pick<ConnectionSettings, "containerTags">) {
  return [...new Set(settings.containerTags)].map((tag, position) => ({ tag, position }));
}

export const bigintOf = (number: number | null) => (number === null ? null : BigInt(number));
