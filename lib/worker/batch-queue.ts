import { CLAIM_POLL_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";

/** A word that a batch may wait. `done` says that it has been followed up, whatever came of it. */
export type BatchOffer = { done(): Promise<void> };

/**
 * How workers learn that batches wait. Which batch it is, and whether there is one, stands in the rows alone: they are
 * claimed there, in turn. So a word that is lost, doubled or late does no harm.
 */
export interface BatchQueue {
  /** Says, in the transaction that makes them, that so many batches wait. */
  announce(tx: Tx, count: number): Promise<void>;
  /** That transaction is committed: whoever waits in this process may look. */
  wake(): void;
  /** Up to `countMax` words; none when there is nothing to do. */
  take(countMax: number): Promise<BatchOffer[]>;
  /** Resolves when there may be something to take, after a while in any case; rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** For a worker that is alone with its database: it looks at the rows. */
export function embeddedQueue(): BatchQueue {
  const bell = openBell();
  return {
    announce: async () => {},
    wake: bell.ring,
    take: async (countMax) => Array.from({ length: countMax }, () => ({ done: async () => {} })),
    wait: (signal) => bell.heard(CLAIM_POLL_MS, signal),
    close: async () => {},
  };
}

export type Bell = { ring(): void; heard(timeoutMs: number, signal: AbortSignal): Promise<void> };

/** Wakes who waits in this process. A ring that nobody waits for is remembered until somebody does. */
export function openBell(): Bell {
  let isRung = false;
  let endWait = () => {};
  return {
    ring: () => {
      isRung = true;
      endWait();
    },
    heard: async (timeoutMs, signal) => {
      if (!isRung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          // Nothing of a wait is left on the signal, which lives as long as the worker.
          endWait = () => {
            clearTimeout(timer);
            signal.removeEventListener("abort", endWait);
            resolve();
          };
          const timer = setTimeout(endWait, timeoutMs);
          signal.addEventListener("abort", endWait);
        });
      }
      isRung = false;
      signal.throwIfAborted();
    },
  };
}
