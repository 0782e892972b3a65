import { setTimeout as pause } from "node:timers/promises";
import { newId } from "@/lib/core/ids";
import {
  BATCHES_AT_ONCE,
  BATCHES_OF_CONNECTION,
  CONNECTIONS_READ_AT_ONCE,
  LEASE_MS,
  READ_WATCH_MS,
  STORE_BATCH_ROWS,
} from "@/lib/core/limits";
import {
  type BatchLease,
  batchLost,
  claimBatch,
  findBatchesToRead,
  listRunsToRead,
} from "@/lib/db/sql/read-batches";
import { openReadMemory, type SharedMemory } from "@/lib/sync/read-memory";
import { openWritePace, type WritePace } from "@/lib/sync/write-pace";
import type { BatchOffer, BatchQueue } from "./batch-queue";
import { type ReadClaimedDeps, readClaimed } from "./read-claimed";

/** Who reads, and the lease tokens of what it is reading at present. */
export type Reader = { id: string; reading: Set<string> };

export type DispatcherDeps = ReadClaimedDeps & { queue: BatchQueue };

/**
 * Reads batches until the signal, of every run there is: those this process works on, and those of other workers.
 * Connections take turns, so that each waits for a batch of another at most. What a run has queued is no longer read
 * about as soon as the run is to end. Resolves when what it has claimed is read or given back.
 */
export async function dispatch(deps: DispatcherDeps, worker: Reader, signal: AbortSignal): Promise<void> {
  const desk: Desk = {
    deps,
    worker,
    signal,
    active: new Map(),
    turns: new Map(),
    turn: 0,
    memory: openReadMemory(),
    storePace: openWritePace(STORE_BATCH_ROWS),
  };
  const stopAll = () => {
    for (const { stopping } of desk.active.values()) stopping.abort(signal.reason);
  };
  signal.addEventListener("abort", stopAll, { once: true });
  await Promise.all([claimUntilStopped(desk), watchUntilStopped(desk)]);
  await Promise.all(desk.active.keys());
}

async function claimUntilStopped(desk: Desk): Promise<void> {
  const { deps, signal } = desk;
  while (!signal.aborted) {
    await takeWhatFits(desk).catch((thrown) =>
      deps.log.error({ err: thrown }, "batches could not be claimed; it is tried again"),
    );
    await deps.queue.wait(signal).catch(() => undefined);
  }
}

async function watchUntilStopped(desk: Desk): Promise<void> {
  const { deps, signal } = desk;
  while (!signal.aborted) {
    await stopWhatIsLost(desk).catch((thrown) =>
      deps.log.warn({ err: thrown }, "whether batches are still to be read is not known"),
    );
    await pause(READ_WATCH_MS, undefined, { signal }).catch(() => undefined);
  }
}

/** Reading for a run that is canceled, superseded or stopped, or for another's batch, would keep a place for nothing. */
async function stopWhatIsLost({ deps, active }: Desk): Promise<void> {
  const readings = [...active.values()];
  if (readings.length === 0) return;
  const leases = readings.map(({ batch }) => batch);
  const toRead = await deps.database.reading((tx) => findBatchesToRead(tx, leases));
  for (const { batch, stopping } of readings) {
    if (!toRead.has(batch.leaseToken)) stopping.abort(batchLost());
  }
}

type Desk = {
  deps: DispatcherDeps;
  worker: Reader;
  signal: AbortSignal;
  /** What is being read, and how to stop that. */
  active: Map<Promise<void>, { batch: BatchLease; stopping: AbortController }>;
  /** The number of the last turn of each connection. */
  turns: Map<string, number>;
  turn: number;
  memory: SharedMemory;
  storePace: WritePace;
};

async function takeWhatFits(desk: Desk): Promise<void> {
  while (!desk.signal.aborted) {
    // A word that cannot be followed up here is left to other workers.
    const offers = await desk.deps.queue.take(await countClaimable(desk));
    if (offers.length === 0) return;
    let isMore = true;
    for (const offer of offers) {
      const batch: BatchLease | null = isMore ? await claimInTurn(desk) : null;
      if (batch !== null) start(desk, batch, offer);
      else {
        isMore = false;
        await offer.done();
      }
    }
    if (!isMore) return;
  }
}

/** How many batches this worker could read more than it does; fewer only where another look finds the rest. */
async function countClaimable(desk: Desk): Promise<number> {
  const free = (await listInTurn(desk)).map(({ connectionId }) => freeOf(desk, connectionId));
  const ofAll = free.reduce((sum, count) => sum + count, 0);
  return Math.min(ofAll, Math.max(BATCHES_AT_ONCE - desk.active.size, 1));
}

/**
 * How many batches more of a connection may be read. One that reads nothing has a place of its own, so that those whose
 * stores are silent keep their places from nobody.
 */
function freeOf({ active }: Desk, connectionId: string): number {
  const reading = [...active.values()].map(({ batch }) => batch.connectionId);
  const ofConnection = reading.filter((id) => id === connectionId).length;
  const hasOwn = ofConnection === 0 && new Set(reading).size < CONNECTIONS_READ_AT_ONCE;
  const free = Math.max(BATCHES_AT_ONCE - active.size, hasOwn ? 1 : 0);
  return Math.min(free, BATCHES_OF_CONNECTION - ofConnection);
}

/** Runs with a batch for this worker, that of the connection first whose turn was longest ago. */
async function listInTurn(desk: Desk) {
  const { deps, turns } = desk;
  const waiting = await deps.database.reading((tx) => listRunsToRead(tx, deps.now()));
  return waiting
    .filter(({ connectionId }) => freeOf(desk, connectionId) > 0)
    .toSorted((left, right) => (turns.get(left.connectionId) ?? 0) - (turns.get(right.connectionId) ?? 0));
}

/** A batch of the connection that has waited longest for its turn; null when none may be read now. */
async function claimInTurn(desk: Desk): Promise<BatchLease | null> {
  const { deps, worker } = desk;
  const now = deps.now();
  const inTurn = await listInTurn(desk);
  for (const { runId, ...connection } of inTurn) {
    const leaseToken = `${worker.id}:${newId()}`;
    const claim = { runId, leaseToken, leaseUntil: now + LEASE_MS, now };
    const position = await deps.database.transaction((tx) => claimBatch(tx, claim));
    if (position !== null) return { runId, position, ...connection, leaseToken };
  }
  return null;
}

function start(desk: Desk, batch: BatchLease, offer: BatchOffer): void {
  desk.turn += 1;
  desk.turns.set(batch.connectionId, desk.turn);
  desk.worker.reading.add(batch.leaseToken);
  const stopping = new AbortController();
  if (desk.signal.aborted) stopping.abort(desk.signal.reason);
  const { storePace } = desk;
  const memory = desk.memory.of(batch.connectionId);
  const reading: Promise<void> = readClaimed(batch, desk.deps, { memory, storePace, signal: stopping.signal })
    .then(() => offer.done())
    .catch((thrown) =>
      desk.deps.log.error({ err: thrown }, "a batch could not be given back; its lease hands it on"),
    )
    .finally(() => {
      desk.active.delete(reading);
      desk.worker.reading.delete(batch.leaseToken);
      desk.deps.queue.wake();
    });
  desk.active.set(reading, { batch, stopping });
}
