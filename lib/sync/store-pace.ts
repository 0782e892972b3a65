import { STORE_BATCH_OBJECTS_MAX, STORE_BATCH_OBJECTS_MIN, STORE_OPEN_MS } from "@/lib/core/limits";

/** A transaction of outcomes: how many it held, and how long it was open. */
export type StoreTime = { objects: number; tookMs: number };

/** How many outcomes the next transaction may hold. One for all that one worker stores, since it has one database. */
export type StorePace = {
  objectsMax(): number;
  /** Learns from a transaction that is committed. */
  learn(time: StoreTime): void;
};

/** Learns from the quicker of the last two: one that was long for a reason of its own says nothing about the next. */
export function openStorePace(): StorePace {
  // Half of what a fast database takes is not too much for a slow one.
  let objectsMax = STORE_BATCH_OBJECTS_MAX / 2;
  let last: StoreTime | null = null;
  return {
    objectsMax: () => objectsMax,
    learn: (time) => {
      const quicker = last === null || msPerObject(time) < msPerObject(last) ? time : last;
      objectsMax = nextObjectsMax(objectsMax, quicker);
      last = time;
    },
  };
}

const msPerObject = ({ objects, tookMs }: StoreTime) => tookMs / objects;

/**
 * How many outcomes the next transaction may hold, so that it is open for STORE_OPEN_MS. Whatever one of them took, the
 * next may hold at least half as many and at most twice as many, and never more or less than the limits say.
 *
 *   the last one   held               then
 *   was too long   -                  as many as would have taken the time
 *   was not        all that it might  the same, which is more
 *   was not        less               as many as before: what more would take is not known
 */
export function nextObjectsMax(objectsMax: number, { objects, tookMs }: StoreTime): number {
  const isTooLong = tookMs > STORE_OPEN_MS;
  if (!isTooLong && objects < objectsMax) return objectsMax;
  const fitting = Math.floor((objects * STORE_OPEN_MS) / Math.max(tookMs, 1));
  const near = Math.min(
    Math.max(fitting, Math.ceil(objectsMax / 2)),
    isTooLong ? objectsMax : objectsMax * 2,
  );
  return Math.min(Math.max(near, STORE_BATCH_OBJECTS_MIN), STORE_BATCH_OBJECTS_MAX);
}
