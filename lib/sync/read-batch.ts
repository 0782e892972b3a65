import { setMaxListeners } from "node:events";
import {
  FAILED_READS_IN_A_ROW_MAX,
  FETCH_CONCURRENCY,
  STORE_WAIT_FIRST_MS,
  STORE_WAIT_MS,
} from "@/lib/core/limits";
import type { BatchStore, QueuedObject } from "./batch-store";
import { type Budget, openBudget } from "./budget";
import { HeldMemory, type ReadMemory } from "./read-memory";
import { extractFetched, type Fetched, failure, fetchObject, type ReadDeps } from "./read-object";
import { openStoreBatches, type StoreBatches } from "./store-batches";
import type { WritePace } from "./write-pace";

export type ReadBatchDeps = ReadDeps & {
  store: BatchStore;
  memory: ReadMemory;
  storePace: WritePace;
  /** The first batch of a run: somebody may be waiting to see the first documents. */
  isFirst: boolean;
  /** Shared by all batches of a connection. */
  failures: FailedReads;
};

/** How many reads of a connection have failed in a row, and the listing that decides what that means. */
export type FailedReads = { inARow: number; deciding: Promise<unknown> | null };

/**
 * Reads one batch of queued objects, fetching at most FETCH_CONCURRENCY at once, and records how each ended. An object
 * leaves the memory when its outcome is committed. Resolves when none of them waits; rejects with what ends the run
 * (effect `stop`), with `lease_lost`, or with the signal's reason. Then what is not recorded still waits.
 *
 * No object ends the run: what is thrown over one alone, and what the destination refuses, are failures of it.
 */
export async function readBatch(deps: ReadBatchDeps): Promise<void> {
  const stopping = new AbortController();
  const signal = AbortSignal.any([deps.signal, stopping.signal]);
  // Every read under way listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, signal);
  const queued = await deps.store.nextToRead();
  const waitMs = deps.isFirst ? STORE_WAIT_FIRST_MS : STORE_WAIT_MS;
  const reading: Reading = {
    deps: { ...deps, signal },
    places: openBudget(FETCH_CONCURRENCY),
    batches: openStoreBatches(
      { expected: queued.length, waitMs, pace: deps.storePace },
      {
        write: (outcomes) => deps.stages.time("store", () => deps.store.recordOutcomes(outcomes)),
        insteadOf: ({ queued: refused }, error) => {
          const { key } = refused.object;
          deps.log.error({ err: error.cause ?? error, key }, "storing an object was refused");
          return failure(refused, error, "store", deps);
        },
      },
    ),
    stop: (thrown) => stopping.abort(thrown),
  };
  try {
    await Promise.all(queued.map((object) => readInTurn(reading, object)));
  } finally {
    await reading.batches.flush();
  }
  // The first error is the reason of the signal; what came later only echoes it.
  signal.throwIfAborted();
  await deps.store.close();
}

type Reading = {
  deps: ReadBatchDeps;
  places: Budget;
  batches: StoreBatches;
  stop: (thrown: unknown) => void;
};

/** Never rejects: an error stops the whole batch. */
async function readInTurn(reading: Reading, queued: QueuedObject): Promise<void> {
  const { deps, places, batches } = reading;
  await places.take(1);
  const held = new HeldMemory(deps.memory, deps.signal);
  try {
    const fetched = await fetchOne(reading, queued, held);
    const outcome = fetched.outcome === "ended" ? fetched.reading : await extractFetched(fetched, held, deps);
    const stored = batches.add(outcome);
    if (held.isMuch) void batches.flush();
    await stored;
  } catch (thrown) {
    reading.stop(thrown);
  } finally {
    held.giveBack();
  }
}

async function fetchOne({ deps, places }: Reading, queued: QueuedObject, held: HeldMemory): Promise<Fetched> {
  try {
    const room = held.holdFetched(queued.object.sizeBytes);
    if (room !== null) await deps.stages.time("wait", () => room);
    if (deps.failures.deciding !== null) await deps.failures.deciding;
    const fetched = await fetchObject(queued, held, deps);
    if (fetched.outcome === "fetched") held.keepUnfolded(fetched.read.bytes.byteLength);
    await askWhetherAllFails(deps, fetched);
    return fetched;
  } finally {
    // Waiting for its text and for the transaction is not fetching: the next object may start.
    places.give(1);
  }
}

/**
 * After many failures in a row one listing decides: it rejects when the whole bucket is out of reach. Until then no
 * other object of the connection is asked for.
 */
async function askWhetherAllFails(deps: ReadBatchDeps, fetched: Fetched): Promise<void> {
  const { failures, source, scope, signal } = deps;
  const isFailure = fetched.outcome === "ended" && fetched.reading.kind === "failed";
  failures.inARow = isFailure ? failures.inARow + 1 : 0;
  if (failures.inARow < FAILED_READS_IN_A_ROW_MAX || failures.deciding !== null) return;
  failures.inARow = 0;
  failures.deciding = source.listPage({ prefix: scope.prefix, startAfter: null, token: null, signal });
  try {
    await failures.deciding;
  } finally {
    failures.deciding = null;
  }
}
