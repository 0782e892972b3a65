import type { ConnectionView } from "@/lib/connections/schema";
import { S3 } from "./create-connection";
import { isoTime, wireErrorCode, wireRunError, wireStatus } from "./sync-run";

/**
 * A connection as the API shows it. `metadata` is what its creator sent, without the credentials, and the facts
 * that Supermemory's own console reads there.
 */
export function connectionToWire(connection: ConnectionView) {
  const { lastRun, endpoint, prefix, containerTagRegex } = connection;
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
      syncInProgress: lastRun !== null && wireStatus(lastRun.status) === "running",
      documentCount: connection.documentCount,
      ...(connection.lastSyncedAt === null ? {} : { lastSyncedAt: connection.lastSyncedAt }),
    },
    ...(lastRun === null ? {} : { lastSyncRun: lastRunToWire(lastRun) }),
  };
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
