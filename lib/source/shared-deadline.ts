import { setMaxListeners } from "node:events";

type Slot = {
  caller: AbortSignal;
  controller: AbortController;
  opensUntil: number;
  calls: number;
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

  async run<T>(caller: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    caller.throwIfAborted();
    const slot = this.#slotOf(caller);
    const { signal } = slot.controller;
    slot.calls++;
    let onAbort = () => {};
    const ended = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason);
      signal.addEventListener("abort", onAbort, { once: true });
    });
    try {
      return await Promise.race([ended, work(signal)]);
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", onAbort);
      slot.calls--;
      if (slot.calls === 0) this.#leave(slot);
    }
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
    // One for each call, and one for each request of it.
    setMaxListeners(0, controller.signal);
    const forward = () => controller.abort(caller.reason);
    caller.addEventListener("abort", forward, { once: true });
    const timer = setTimeout(() => controller.abort(this.#onTimeout()), this.#timeoutMs + slotMs);
    const end = () => {
      clearTimeout(timer);
      caller.removeEventListener("abort", forward);
    };
    return { caller, controller, opensUntil: now + slotMs, calls: 0, end };
  }

  #leave(slot: Slot): void {
    slot.end();
    if (this.#slot === slot) this.#slot = null;
  }
}
