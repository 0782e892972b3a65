import { WRITE_OPEN_MS } from "@/lib/core/limits";

/** A transaction about so many things, how long it was open, and whether more things waited than it might hold. */
export type WriteTime = { count: number; tookMs: number; isFull: boolean };

/** How many things a transaction may be about: at least, at first, and at most. */
export type WriteBounds = { min: number; start: number; max: number };

/** How many things the next transaction of a kind may be about, so that it is open for WRITE_OPEN_MS. */
export type WritePace = {
  countMax(): number;
  /** Learns from a transaction that is committed. */
  learn(time: WriteTime): void;
};

/** Learns from the quicker of the last two: one that was long for a reason of its own says nothing about the next. */
export function openWritePace(bounds: WriteBounds): WritePace {
  let countMax = bounds.start;
  let last: WriteTime | null = null;
  return {
    countMax: () => countMax,
    learn: (time) => {
      const quicker = last === null || msForOne(time) < msForOne(last) ? time : last;
      countMax = nextCountMax(countMax, quicker, bounds);
      last = time;
    },
  };
}

const msForOne = ({ count, tookMs }: WriteTime) => tookMs / count;

/**
 * Whatever the last transaction took, the next may be about at least half as many and at most twice as many, and never
 * about more or less than the bounds say.
 *
 *   the last one   held               then
 *   was too long   -                  as many as would have taken the time
 *   was not        all that it might  the same, which is more
 *   was not        less               as many as before: what more would take is not known
 */
export function nextCountMax(countMax: number, last: WriteTime, bounds: WriteBounds): number {
  const { count, tookMs, isFull } = last;
  const isTooLong = tookMs > WRITE_OPEN_MS;
  if (!isTooLong && !isFull) return countMax;
  const fitting = Math.floor((count * WRITE_OPEN_MS) / Math.max(tookMs, 1));
  const near = Math.min(Math.max(fitting, Math.ceil(countMax / 2)), isTooLong ? countMax : countMax * 2);
  return Math.min(Math.max(near, bounds.min), bounds.max);
}
