import { setMaxListeners } from "node:events";
import {
  FAILED_READS_IN_A_ROW_MAX,
  FETCH_CONCURRENCY,
  STORE_WAIT_FIRST_MS,
  STORE_WAIT_MS,
} from "@/lib/core/limits";
import type { BatchStore, QueuedObject } from "./batch-store";
import { type Budget, openBudget } from "./budget";
import { extractFetched, type Fetched, fetchObject, type ReadDeps } from "./read-object";
import { openStoreBatches, type StoreBatches } from "./store-batches";

export type ReadBatchDeps = ReadDeps & {
  store: BatchStore;
  prefix: string;
  /** Bytes of objects that are in memory, shared by everything one process reads. */
  bytes: Budget;
  /** The first batch of a run: somebody may be waiting to see the first documents. */
  isFirst: boolean;
  /** Shared by all batches of a connection. */
  failures: FailedReads;
};

/** How many reads of a connection have failed in a row. */
export type FailedReads = { inARow: number };

/**
 * Reads one batch of queued objects, fetching at most FETCH_CONCURRENCY at once, and records how each ended. An object
 * leaves the budget of bytes when its outcome is committed. Resolves when none of them waits; rejects with what ends the run
 * (effect `stop`), with `lease_lost`, or with the signal's reason. Then what is not recorded still waits.
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
    batches: openStoreBatches({ expected: queued.length, waitMs }, (outcomes) =>
      deps.stages.time("store", () => deps.store.recordOutcomes(outcomes)),
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
  const { sizeBytes } = queued.object;
  await places.take(1);
  await deps.stages.time("wait", () => deps.bytes.take(sizeBytes));
  try {
    const fetched = await fetchOne(reading, queued);
    const outcome = fetched.outcome === "ended" ? fetched.reading : await extractFetched(fetched, deps);
    await batches.add(outcome);
  } catch (thrown) {
    reading.stop(thrown);
  } finally {
    deps.bytes.give(sizeBytes);
  }
}

async function fetchOne({ deps, places }: Reading, queued: QueuedObject): Promise<Fetched> {
  try {
    deps.signal.throwIfAborted();
    const fetched = await fetchObject(queued, deps);
    await askWhetherAllFails(deps, fetched);
    return fetched;
  } finally {
    // Waiting for its text and for the transaction is not fetching: the next object may start.
    places.give(1);
  }
}

/** After many failures in a row one listing decides: it rejects when the whole bucket is out of reach. */
async function askWhetherAllFails(deps: ReadBatchDeps, fetched: Fetched): Promise<void> {
  const { failures, source, prefix, signal } = deps;
  const isFailure = fetched.outcome === "ended" && fetched.reading.kind === "failed";
  failures.inARow = isFailure ? failures.inARow + 1 : 0;
  if (failures.inARow < FAILED_READS_IN_A_ROW_MAX) return;
  failures.inARow = 0;
  await source.listPage({ prefix, startAfter: null, token: null, signal });
}
