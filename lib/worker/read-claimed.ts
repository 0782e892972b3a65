import { setTimeout as pause } from "node:timers/promises";
import type { Clock } from "@/lib/core/clock";
import { asSluiceError, type SluiceError } from "@/lib/core/errors";
import { RETRY_PAUSE_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database, Tx } from "@/lib/db/database";
import { type BatchLease, releaseBatch, stopRun } from "@/lib/db/sql/read-batches";
import { addCost, type RunCost } from "@/lib/db/sql/run-progress";
import type { Extractor } from "@/lib/extract/extract";
import { readBatch } from "@/lib/sync/read-batch";
import type { ReadMemory } from "@/lib/sync/read-memory";
import type { WritePace } from "@/lib/sync/write-pace";
import type { BatchStores } from "./batch-stores";
import { findClaimedConnection } from "./claimed-connection";
import { writeCost } from "./metered-source";
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

/** What all batches of a worker share, and what ends the reading of this one. */
type ReadingShared = { memory: ReadMemory; storePace: WritePace; signal: AbortSignal };

/**
 * Reads a claimed batch to its end. What ends the run is written to the run, for whoever works on it; whatever else
 * ends the reading gives the batch back. Rejects only when that cannot be written; then the lease's end hands it on.
 */
export async function readClaimed(
  batch: BatchLease,
  deps: ReadClaimedDeps,
  args: ReadingShared,
): Promise<void> {
  const ended = await readToEnd(batch, deps, args);
  if (ended === null) return;
  const { error, opened } = ended;
  // The database was away for a moment, or the batch is no longer ours: another try is all it takes.
  const isPassing = error.code === "internal" && error.effect === "retry";
  const isLost = error.code === "lease_lost" || isPassing || args.signal.aborted;
  const noted = { err: error.cause ?? error, runId: batch.runId };
  if (isPassing) {
    deps.log.warn(noted, "reading a batch was cut short and is tried again");
    await pause(RETRY_PAUSE_MS, undefined, { signal: args.signal }).catch(() => undefined);
  }
  if (error.code === "internal" && !isLost) deps.log.error(noted, "reading a batch broke");
  const giveBack = (cost: RunCost | null) =>
    deps.database.transaction(async (tx) => {
      if (!isLost) await stopRun(tx, batch, { code: error.code, message: sentenceOf(error) });
      const isCostOurs = await isNobodyElses(tx, batch);
      if (isCostOurs && cost !== null) await addCost(tx, batch.runId, cost);
      await releaseBatch(tx, batch);
      return isCostOurs;
    });
  await (opened === null ? giveBack(null) : writeCost(opened, giveBack));
}

/** It is still ours, or its run was canceled or has ended otherwise. */
async function isNobodyElses({ prisma }: Tx, { runId, position, leaseToken }: BatchLease): Promise<boolean> {
  const where = { runId_position: { runId, position } };
  const row = await prisma.readBatch.findUnique({ where, select: { leaseToken: true } });
  return row === null || row.leaseToken === null || row.leaseToken === leaseToken;
}

/** What ended the reading too early, and what it was reading from. */
type Ended = { error: SluiceError; opened: OpenedSource | null };

/** Null when nothing ended it. */
async function readToEnd(
  batch: BatchLease,
  deps: ReadClaimedDeps,
  args: ReadingShared,
): Promise<Ended | null> {
  let opened: OpenedSource | null = null;
  try {
    opened = await openSource(batch, deps);
    if (opened !== null) await readWithSource(batch, opened, deps, args);
    return null;
  } catch (thrown) {
    return { error: asSluiceError(thrown), opened };
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
  args: ReadingShared,
): Promise<void> {
  const { source, scope, stages, failures, connection } = opened;
  const { connectionId } = batch;
  const closing: RunCost[] = [];
  const store = deps.stores.open({ batch, settings: connection.settings }, () => {
    const cost = opened.drainCost();
    closing.push(cost);
    return cost;
  });
  try {
    const log = deps.log.child({ runId: batch.runId, connectionId });
    const isFirst = batch.position === 0;
    await readBatch({ ...deps, ...args, log, connectionId, source, scope, stages, failures, store, isFirst });
  } catch (thrown) {
    // The batch's end, with which it would have been written down, came to nothing.
    for (const cost of closing) opened.giveBackCost(cost);
    throw thrown;
  } finally {
    opened.release();
  }
}

export function sentenceOf(error: SluiceError): string {
  return error.details === undefined ? error.message : `${error.message}: ${error.details}`;
}
