import type { ConnectionView } from "@/lib/connections/schema";
import { S3 } from "./create-connection";
import { isoTime, wireErrorCode, wireRunError, wireStatus } from "./sync-run";

/**
 * A connection as the API shows it. `metadata` is what its creator sent, without the credentials, and the facts
 * that Supermemory's own console reads there. Settings that are not the usual ones, `hold`, `pausedAt` and `backOff`
 * are additions to the API.
 */
export function connectionToWire(connection: ConnectionView) {
  const { lastRun, endpoint, prefix, containerTagRegex, hold, pausedAt, backOff } = connection;
  return {
    id: connection.id,
    provider: S3,
    createdAt: isoTime(connection.createdAt),
    documentLimit: connection.documentLimit,
    containerTags: connection.containerTags,
    metadata: {
      ...connection.metadata,
      bucket: connection.bucket,
      region: connection.region,
      ...(endpoint === null ? {} : { endpoint }),
      ...(prefix === "" ? {} : { prefix }),
      ...(containerTagRegex === null ? {} : { containerTagRegex }),
      ...unusualSettings(connection),
      syncInProgress: lastRun !== null && wireStatus(lastRun.status) === "running",
      documentCount: connection.documentCount,
      ...(connection.cutCount === 0 ? {} : { cutDocumentCount: connection.cutCount }),
      ...(connection.lastSyncedAt === null ? {} : { lastSyncedAt: connection.lastSyncedAt }),
    },
    ...(lastRun === null ? {} : { lastSyncRun: lastRunToWire(lastRun) }),
    ...(hold === null ? {} : { hold: holdToWire(hold) }),
    ...(pausedAt === null ? {} : { pausedAt: isoTime(pausedAt) }),
    ...(backOff === null ? {} : { backOff: backOffToWire(backOff) }),
  };
}

/** By the names under which they are set; lists as one text, since `metadata` has no lists. */
function unusualSettings(connection: ConnectionView): Record<string, string | number> {
  const { filters, schedule } = connection;
  const settings = {
    credentialsKind: unless("keys", connection.credentialsKind),
    externalId: connection.externalId,
    caPem: connection.caPem,
    includeGlobs: listText(filters.includeGlobs),
    excludeGlobs: listText(filters.excludeGlobs),
    extensions: listText(filters.extensions),
    sizeBytesMin: filters.sizeBytesMin,
    sizeBytesMax: filters.sizeBytesMax,
    tagFallback: unless("connection_tags", connection.tagFallback),
    deletionPolicy: unless("remove", connection.deletionPolicy),
    requestRateMax: connection.requestRateMax,
    schedule: unless("interval", schedule.kind),
    scheduleCron: schedule.cron,
    scheduleTimeZone: schedule.timeZone,
    scheduleIntervalMinutes: schedule.intervalMs === null ? null : schedule.intervalMs / 60_000,
  };
  return Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

const unless = (usual: string, value: string) => (value === usual ? null : value);
const listText = (parts: readonly string[]) => (parts.length === 0 ? null : parts.join("\n"));

function backOffToWire({ untilAt, failures, sentence }: NonNullable<ConnectionView["backOff"]>) {
  return { until: isoTime(untilAt), failures, message: sentence };
}

function holdToWire({ runId, keyCount, reason }: NonNullable<ConnectionView["hold"]>) {
  return { runId, keyCount, reason };
}

function lastRunToWire(run: NonNullable<ConnectionView["lastRun"]>) {
  return {
    status: wireStatus(run.status),
    errorCode: wireErrorCode(run.errorCode),
    error: wireRunError(run),
    startedAt: isoTime(run.startedAt ?? run.queuedAt),
    ...(run.completedAt === null ? {} : { completedAt: isoTime(run.completedAt) }),
  };
}
