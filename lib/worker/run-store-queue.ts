import { setTimeout as pause } from "node:timers/promises";
import { READ_BATCH_OBJECTS_MAX, READ_POLL_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { admitOverLimit, countPlacesTaken, nextOverLimit, nextPromised } from "@/lib/db/sql/places";
import { createBatches, nextBatchPosition, watchRun } from "@/lib/db/sql/read-batches";
import type { RunStore } from "@/lib/sync/run-store";
import { listedObject } from "./listed-object";
import type { RunStoreContext } from "./run-store";

type QueuePart = Pick<RunStore, "countPlacesTaken" | "nextParked" | "admitParked" | "untilRead">;

/**
 * The position of the next batch; null until it is asked for. Only the holder of the run's lease makes batches, so it
 * counts them in memory, also where several windows are recorded at once.
 */
export type ReadPositions = { next: number | null };

/** What queues objects for those who read, and waits for them. */
export function queueStore(context: RunStoreContext): QueuePart {
  const { lease, read, write, queue } = context;
  const nextParked = context.kind === "apply" ? nextPromised : nextOverLimit;
  return {
    countPlacesTaken: () => read((tx) => countPlacesTaken(tx, lease)),
    nextParked: (args) => read(async (tx) => (await nextParked(tx, lease, args)).map(listedObject)),
    admitParked: async (admitted) => {
      await write(async (tx) => {
        const [batch = 0] = await openBatches(tx, context, 1);
        await admitOverLimit(tx, lease, admitted, batch);
      });
      queue.wake();
    },
    untilRead: async (signal) => {
      while (!(await read((tx) => watchRun(tx, lease.runId))).isRead) {
        await pause(READ_POLL_MS, undefined, { signal });
      }
      signal.throwIfAborted();
    },
  };
}

/** Which batch each of so many objects waits in; the batches are made, and announced to those who read. */
export async function batchesFor(tx: Tx, context: RunStoreContext, objectCount: number): Promise<number[]> {
  if (objectCount === 0) return [];
  const batches = await openBatches(tx, context, Math.ceil(objectCount / READ_BATCH_OBJECTS_MAX));
  return Array.from(
    { length: objectCount },
    (_, at) => batches[Math.floor(at / READ_BATCH_OBJECTS_MAX)] ?? 0,
  );
}

async function openBatches(tx: Tx, context: RunStoreContext, count: number): Promise<number[]> {
  const { lease, positions, queue } = context;
  // Another window may have asked at the same time and been faster; then its positions are taken.
  if (positions.next === null) {
    const next = await nextBatchPosition(tx, lease.runId);
    positions.next ??= next;
  }
  const first = positions.next;
  positions.next += count;
  const made = Array.from({ length: count }, (_, at) => first + at);
  await createBatches(tx, lease, made);
  await queue.announce(tx, count);
  return made;
}
