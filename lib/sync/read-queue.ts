import {
  BYTES_IN_FLIGHT_MAX,
  FAILED_READS_IN_A_ROW_MAX,
  FETCH_CONCURRENCY,
  READ_BATCH_OBJECTS_MAX,
} from "@/lib/core/limits";
import { type Budget, openBudget } from "./budget";
import type { QueuedObject, ReadOutcome, RunStore } from "./manifest";
import { type ReadDeps, readObject } from "./read-object";
import { openStoreBatches, type StoreBatches } from "./store-batches";

/** Reads what the run has queued while the listing still goes on. */
export type ReadQueue = {
  /** More objects may have been queued. */
  wake(): void;
  /** Resolves when every object queued so far is read and recorded; rejects with what ended the reading. */
  drained(): Promise<void>;
  /** Ends reading after what is under way. Never rejects. */
  close(): Promise<void>;
};

export type ReadQueueDeps = ReadDeps & {
  store: RunStore;
  prefix: string;
  /** Called at the first error that ends the run, so that listing stops, too. */
  onStop: (thrown: unknown) => void;
};

/**
 * The queue is in the database; this loop only takes from it, in key order, at most FETCH_CONCURRENCY objects and
 * BYTES_IN_FLIGHT_MAX bytes at once. An object leaves the budget when its outcome is committed.
 */
export function openReadQueue(deps: ReadQueueDeps): ReadQueue {
  const state: ReadState = {
    deps,
    batches: openStoreBatches((outcomes) => deps.store.recordOutcomes(outcomes)),
    places: openBudget(FETCH_CONCURRENCY),
    bytes: openBudget(BYTES_IN_FLIGHT_MAX),
    underWay: new Map(),
    failedInARow: 0,
    stopped: null,
  };
  let isWanted = false;
  let working: Promise<void> | null = null;

  const work = async () => {
    try {
      while (isWanted && state.stopped === null) {
        isWanted = false;
        await takeAll(state);
      }
    } catch (thrown) {
      stop(state, thrown);
    } finally {
      working = null;
    }
  };
  const wake = () => {
    isWanted = true;
    // Begun in a later turn, so that `working` is set before the work can end.
    working ??= Promise.resolve().then(work);
  };
  const settled = async () => {
    while (working) await working;
    await Promise.all(state.underWay.values());
  };

  return {
    wake,
    drained: async () => {
      wake();
      await settled();
      if (state.stopped) throw state.stopped.thrown;
    },
    close: async () => {
      state.stopped ??= { thrown: null };
      await settled();
      await state.batches.flush();
    },
  };
}

type ReadState = {
  deps: ReadQueueDeps;
  batches: StoreBatches;
  places: Budget;
  bytes: Budget;
  underWay: Map<string, Promise<void>>;
  failedInARow: number;
  stopped: { thrown: unknown } | null;
};

/** One pass over the queue in key order. */
async function takeAll(state: ReadState): Promise<void> {
  let cursor = "";
  while (state.stopped === null) {
    state.deps.signal.throwIfAborted();
    const batch = await state.deps.store.nextToRead(cursor, READ_BATCH_OBJECTS_MAX);
    for (const queued of batch) {
      if (!state.underWay.has(queued.object.key)) await startReading(state, queued);
    }
    const last = batch.at(-1);
    if (!last || batch.length < READ_BATCH_OBJECTS_MAX) return;
    cursor = last.object.key;
  }
}

async function startReading(state: ReadState, queued: QueuedObject): Promise<void> {
  await state.places.take(1);
  await state.bytes.take(queued.object.sizeBytes);
  if (state.stopped !== null) {
    state.places.give(1);
    state.bytes.give(queued.object.sizeBytes);
    return;
  }
  const key = queued.object.key;
  const reading = readAndRecord(state, queued)
    .catch((thrown) => stop(state, thrown))
    .finally(() => {
      state.bytes.give(queued.object.sizeBytes);
      state.underWay.delete(key);
    });
  state.underWay.set(key, reading);
}

async function readAndRecord(state: ReadState, queued: QueuedObject): Promise<void> {
  let outcome: ReadOutcome;
  try {
    outcome = await readObject(queued, state.deps);
  } finally {
    // Waiting for the transaction is not fetching: the next object may start.
    state.places.give(1);
  }
  await askWhetherAllFails(state, outcome);
  await state.batches.add(outcome);
}

/** After many failures in a row one listing decides: it rejects when the whole bucket is out of reach. */
async function askWhetherAllFails(state: ReadState, outcome: ReadOutcome): Promise<void> {
  const isFetchFailure = outcome.kind === "failed" && outcome.stage === "fetch";
  state.failedInARow = isFetchFailure ? state.failedInARow + 1 : 0;
  if (state.failedInARow < FAILED_READS_IN_A_ROW_MAX) return;
  state.failedInARow = 0;
  const { source, prefix, signal } = state.deps;
  await source.listPage({ prefix, startAfter: null, token: null, signal });
}

function stop(state: ReadState, thrown: unknown): void {
  if (state.stopped !== null) return;
  state.stopped = { thrown };
  state.deps.onStop(thrown);
}
