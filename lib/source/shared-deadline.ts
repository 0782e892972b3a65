import { setMaxListeners } from "node:events";

type Slot = {
  caller: AbortSignal;
  controller: AbortController;
  opensUntil: number;
  /** How each call that is under way is given up. */
  calls: Set<(reason: unknown) => void>;
  end(): void;
};

/** Calls that begin within this share of the time-out end together. */
const SLOT_SHARE = 1 / 8;

/**
 * What `withDeadline` does, for calls by the ten thousand: those of one caller that overlap share a signal and a
 * timer, since one for each would be a seventh of the work for a small object. A call is given up after `timeoutMs`
 * at the earliest and an eighth of that later at the latest.
 *
 * Rejects with the caller's own reason on abort and with `onTimeout()` on time-out, at once, even where the work does
 * not listen. Once no call is under way, no timer runs and no listener is left on the caller's signal.
 */
export class SharedDeadline {
  readonly #timeoutMs: number;
  readonly #onTimeout: () => Error;
  #slot: Slot | null = null;

  constructor(args: { timeoutMs: number; onTimeout: () => Error }) {
    this.#timeoutMs = args.timeoutMs;
    this.#onTimeout = args.onTimeout;
  }

  run<T>(caller: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      caller.throwIfAborted();
      const slot = this.#slotOf(caller);
      slot.calls.add(reject);
      const leave = () => {
        slot.calls.delete(reject);
        if (slot.calls.size === 0) this.#leave(slot);
      };
      work(slot.controller.signal).then(
        (value) => {
          leave();
          resolve(value);
        },
        (error) => {
          leave();
          reject(error);
        },
      );
    });
  }

  /** The slot that is open for this caller, or a new one. One that others still use lives on until they are done. */
  #slotOf(caller: AbortSignal): Slot {
    const slot = this.#slot;
    const now = performance.now();
    const isOpen = slot !== null && slot.caller === caller && now < slot.opensUntil;
    if (isOpen && !slot.controller.signal.aborted) return slot;
    const opened = this.#open(caller, now);
    this.#slot = opened;
    return opened;
  }

  #open(caller: AbortSignal, now: number): Slot {
    const slotMs = this.#timeoutMs * SLOT_SHARE;
    const controller = new AbortController();
    // One for each request.
    setMaxListeners(0, controller.signal);
    const calls: Slot["calls"] = new Set();
    const giveUp = (reason: unknown) => {
      end();
      for (const reject of calls) reject(reason);
      controller.abort(reason);
    };
    const forward = () => giveUp(caller.reason);
    caller.addEventListener("abort", forward, { once: true });
    const timer = setTimeout(() => giveUp(this.#onTimeout()), this.#timeoutMs + slotMs);
    const end = () => {
      clearTimeout(timer);
      caller.removeEventListener("abort", forward);
    };
    return { caller, controller, opensUntil: now + slotMs, calls, end };
  }

  #leave(slot: Slot): void {
    slot.end();
    if (this.#slot === slot) this.#slot = null;
  }
}
