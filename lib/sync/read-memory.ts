import {
  BYTES_IN_FLIGHT_MAX,
  BYTES_OF_CONNECTION,
  BYTES_UNFOLDED_MAX,
  CONNECTIONS_READ_AT_ONCE,
  OBJECT_BYTES_MAX,
} from "@/lib/core/limits";
import { type Budget, openSharedBudget } from "./budget";

/** The memory that the objects of one connection may take, in bytes. */
export type ReadMemory = {
  /** For objects as they lie in the bucket; how much one takes is known from its listing. */
  fetched: Budget;
  /** For what a `Content-Encoding` unfolds to. How much that is shows only when it is done. */
  unfolded: Budget;
};

/** The memory of everything one process reads, of which every connection has its share. */
export type SharedMemory = { of(connectionId: string): ReadMemory };

/** Objects of a store that is silent keep their memory: the share is what keeps them from being all there are. */
export function openReadMemory(): SharedMemory {
  const shares = { own: BYTES_OF_CONNECTION, ownersMax: CONNECTIONS_READ_AT_ONCE };
  const fetched = openSharedBudget({ total: BYTES_IN_FLIGHT_MAX, ...shares });
  const unfolded = openSharedBudget({ total: BYTES_UNFOLDED_MAX, ...shares });
  return {
    of: (connectionId) => ({ fetched: fetched.of(connectionId), unfolded: unfolded.of(connectionId) }),
  };
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

  /** Room for the object in this size. Asked again, it takes the place of what was held: nothing of it is there yet. */
  async holdFetched(sizeBytes: number): Promise<void> {
    this.giveBack();
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

  /** Others of the connection may wait for it: the sooner it is stored, the better. */
  get isMuch(): boolean {
    return Math.max(this.#fetched, this.#unfolded) > BYTES_OF_CONNECTION;
  }

  giveBack(): void {
    this.#memory.fetched.give(this.#fetched);
    this.#memory.unfolded.give(this.#unfolded);
    this.#fetched = 0;
    this.#unfolded = 0;
  }
}
