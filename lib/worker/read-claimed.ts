import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "@/lib/core/clock";
import { asSluiceError, type SluiceError } from "@/lib/core/errors";
import { RETRY_PAUSE_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database } from "@/lib/db/database";
import { type BatchLease, releaseBatch, stopRun } from "@/lib/db/sql/read-batches";
import type { Extractor } from "@/lib/extract/extract";
import { readBatch } from "@/lib/sync/read-batch";
import type { ReadMemory } from "@/lib/sync/read-memory";
import type { BatchStores } from "./batch-stores";
import { findClaimedConnection } from "./claimed-connection";
import type { OpenedSource, OpenSources } from "./open-sources";

export type ReadClaimedDeps = {
  database: Database;
  stores: BatchStores;
  extractor: Extractor;
  sources: OpenSources;
  log: Logger;
  now: Clock;
  random: () => number;
};

/**
 * Reads a claimed batch to its end. What ends the run is written to the run, for whoever works on it; whatever else
 * ends the reading gives the batch back. Rejects only when that cannot be written; then the lease's end hands it on.
 */
export async function readClaimed(
  batch: BatchLease,
  deps: ReadClaimedDeps,
  args: { memory: ReadMemory; signal: AbortSignal },
): Promise<void> {
  const ended = await readToEnd(batch, deps, args);
  if (ended === null) return;
  // The database was away for a moment, or the batch is no longer ours: another try is all it takes.
  const isPassing = ended.code === "internal" && ended.effect === "retry";
  const isLost = ended.code === "lease_lost" || isPassing || args.signal.aborted;
  if (isPassing) await pause(RETRY_PAUSE_MS, undefined, { signal: args.signal }).catch(() => undefined);
  if (ended.code === "internal" && !isLost) {
    deps.log.error({ err: ended.cause ?? ended, runId: batch.runId }, "reading a batch broke");
  }
  await deps.database.transaction(async (tx) => {
    if (!isLost) await stopRun(tx, batch, { code: ended.code, message: sentenceOf(ended) });
    await releaseBatch(tx, batch);
  });
}

/** What ended the reading too early; null when nothing did. */
async function readToEnd(
  batch: BatchLease,
  deps: ReadClaimedDeps,
  args: { memory: ReadMemory; signal: AbortSignal },
): Promise<SluiceError | null> {
  try {
    const opened = await openSource(batch, deps);
    if (opened !== null) await readWithSource(batch, opened, deps, args);
    return null;
  } catch (thrown) {
    return asSluiceError(thrown);
  }
}

/** The bucket, from the batch before where there was one; null when the connection is gone. */
async function openSource(batch: BatchLease, deps: ReadClaimedDeps): Promise<OpenedSource | null> {
  const known = deps.sources.acquireOpen(batch.runId);
  if (known !== null) return known;
  const connection = await deps.database.reading((tx) => findClaimedConnection(tx, batch.connectionId));
  return connection && deps.sources.acquire(connection, batch.runId);
}

async function readWithSource(
  batch: BatchLease,
  opened: OpenedSource,
  deps: ReadClaimedDeps,
  args: { memory: ReadMemory; signal: AbortSignal },
): Promise<void> {
  const { source, scope, stages, failures, drainCost, connection } = opened;
  const store = deps.stores.open({ batch, settings: connection.settings }, drainCost);
  try {
    const log = deps.log.child({ runId: batch.runId, connectionId: batch.connectionId });
    const isFirst = batch.position === 0;
    await readBatch({ ...deps, ...args, log, source, scope, stages, failures, store, isFirst });
  } finally {
    opened.release();
  }
}

export function sentenceOf(error: SluiceError): string {
  return error.details === undefined ? error.message : `${error.message}: ${error.details}`;
}
