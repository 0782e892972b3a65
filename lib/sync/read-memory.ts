import { BYTES_IN_FLIGHT_MAX, BYTES_UNFOLDED_MAX, OBJECT_BYTES_MAX } from "@/lib/core/limits";
import { type Budget, openBudget } from "./budget";

/** The memory that objects may take, in bytes, shared by everything one process reads. */
export type ReadMemory = {
  /** For objects as they lie in the bucket; how much one takes is known from its listing. */
  fetched: Budget;
  /** For what a `Content-Encoding` unfolds to. How much that is shows only when it is done. */
  unfolded: Budget;
};

export function openReadMemory(): ReadMemory {
  return { fetched: openBudget(BYTES_IN_FLIGHT_MAX), unfolded: openBudget(BYTES_UNFOLDED_MAX) };
}

/**
 * What one object holds of it, from before its fetch until its outcome is committed. Waiting rejects with the signal's
 * reason. Who waits to unfold holds what it has fetched, and who has unfolded waits for nothing more, so that no two
 * objects wait for each other.
 */
export class HeldMemory {
  readonly #memory: ReadMemory;
  readonly #signal: AbortSignal;
  #fetched = 0;
  #unfolded = 0;

  constructor(memory: ReadMemory, signal: AbortSignal) {
    this.#memory = memory;
    this.#signal = signal;
  }

  /** Room for the object in this size. Asked again, it takes the place of what was held: nothing is fetched yet. */
  async holdFetched(sizeBytes: number): Promise<void> {
    const former = this.#fetched;
    this.#fetched = 0;
    this.#memory.fetched.give(former);
    this.#fetched = await this.#memory.fetched.take(sizeBytes, this.#signal);
  }

  /** Room for the most that an object may unfold to. */
  async holdUnfolding(): Promise<void> {
    if (this.#unfolded > 0) return;
    this.#unfolded = await this.#memory.unfolded.take(OBJECT_BYTES_MAX, this.#signal);
  }

  /** The object is read: of the room to unfold as much as it has needed is kept. */
  keep(sizeBytes: number): void {
    const rest = this.#unfolded - Math.min(this.#unfolded, sizeBytes);
    this.#unfolded -= rest;
    this.#memory.unfolded.give(rest);
  }

  giveBack(): void {
    this.#memory.fetched.give(this.#fetched);
    this.#memory.unfolded.give(this.#unfolded);
    this.#fetched = 0;
    this.#unfolded = 0;
  }
}
