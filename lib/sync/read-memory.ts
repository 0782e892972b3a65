import {
  BYTES_IN_FLIGHT_MAX,
  BYTES_OF_CONNECTION,
  BYTES_OF_TEXTS_MAX,
  BYTES_UNFOLDED_MAX,
  BYTES_UNFORESEEN_MAX,
  CONNECTIONS_READ_AT_ONCE,
  OBJECT_BYTES_MAX,
  TEXT_BYTES_A_CHAR,
  TEXT_FORESEEN_CHARS_MAX,
} from "@/lib/core/limits";
import type { ExtractedDocument } from "@/lib/extract/extract";
import { type Budget, openSharedBudget } from "./budget";

/** The memory that the objects of one connection may take, in bytes. */
export type ReadMemory = {
  /** For objects as they lie in the bucket; how much one takes is known from its listing. */
  fetched: Budget;
  /** For what a `Content-Encoding` unfolds to. How much that is shows only when it is done. */
  unfolded: Budget;
  /** For texts with their chunks and tokens, as long as those of such objects mostly are. */
  texts: Budget;
  /** For what a text takes beyond that. How much that is shows only when it is there. */
  unforeseen: Budget;
};

/** The memory of everything one process reads, of which every connection has its share. */
export type SharedMemory = { of(connectionId: string): ReadMemory };

/** Objects of a store that is silent keep their memory: the share is what keeps them from being all there are. */
export function openReadMemory(): SharedMemory {
  const shares = { own: BYTES_OF_CONNECTION, ownersMax: CONNECTIONS_READ_AT_ONCE };
  const fetched = openSharedBudget({ total: BYTES_IN_FLIGHT_MAX, ...shares });
  const unfolded = openSharedBudget({ total: BYTES_UNFOLDED_MAX, ...shares });
  const texts = openSharedBudget({ total: BYTES_OF_TEXTS_MAX, ...shares });
  const unforeseen = openSharedBudget({ total: BYTES_UNFORESEEN_MAX, ...shares });
  return {
    of: (id) => ({
      fetched: fetched.of(id),
      unfolded: unfolded.of(id),
      texts: texts.of(id),
      unforeseen: unforeseen.of(id),
    }),
  };
}

/** What a document holds of the memory for texts: one character beyond Latin-1 makes all of a text take two bytes each. */
export function bytesOfText(document: ExtractedDocument): number {
  if (document.outcome !== "text") return 0;
  return (
    2 *
    document.chunks.reduce(
      (sum, chunk) => sum + chunk.content.length + chunk.tokens.length,
      document.text.length,
    )
  );
}

/**
 * What one object holds of it, from before its fetch until its outcome is committed. Who asks for room has it when null
 * is returned, else when the promise resolves; that rejects with the signal's reason. Rooms are asked for in the order
 * of their parts, and who has the last waits for nobody's memory, so that no two objects wait for each other.
 */
export class HeldMemory {
  readonly #memory: ReadMemory;
  readonly #signal: AbortSignal;
  readonly #held: Record<keyof ReadMemory, number> = {
    fetched: 0,
    unfolded: 0,
    texts: 0,
    unforeseen: 0,
  };

  constructor(memory: ReadMemory, signal: AbortSignal) {
    this.#memory = memory;
    this.#signal = signal;
  }

  /** Room for the object in this size. Asked again, it takes the place of what was held: nothing of it is there yet. */
  holdFetched(sizeBytes: number): Promise<void> | null {
    this.giveBack();
    return this.#hold("fetched", sizeBytes);
  }

  /** Room for the most that an object may unfold to. */
  async holdUnfolding(): Promise<void> {
    if (this.#held.unfolded === 0) await this.#hold("unfolded", OBJECT_BYTES_MAX);
  }

  /** The object is read: of the room to unfold as much as it has needed is kept. */
  keepUnfolded(sizeBytes: number): void {
    this.#keep("unfolded", sizeBytes);
  }

  /** Room for the text of an object of so many bytes, as far as can be foreseen. */
  holdText(sizeBytes: number): Promise<void> | null {
    return this.#hold("texts", Math.min(sizeBytes, TEXT_FORESEEN_CHARS_MAX) * TEXT_BYTES_A_CHAR);
  }

  /** The text is there, or there is none. Whether there is room for all of it; if not, it must be let go. */
  fitText(document: ExtractedDocument): boolean {
    const more = this.#memory.unforeseen.takeFree(this.unforeseenOf(document));
    if (more === null) return false;
    this.#held.unforeseen = more;
    this.keepText(document);
    return true;
  }

  /** What a text takes beyond the room that is held for it. */
  unforeseenOf(document: ExtractedDocument): number {
    return Math.max(0, bytesOfText(document) - this.#held.texts);
  }

  /** Room for so much more than was foreseen. */
  holdUnforeseen(textBytes: number): Promise<void> | null {
    return this.#hold("unforeseen", textBytes);
  }

  /** The text is there: of the room for it as much as it takes is kept. */
  keepText(document: ExtractedDocument): void {
    this.#keep("unforeseen", this.unforeseenOf(document));
    this.#keep("texts", bytesOfText(document));
  }

  /** Others of the connection may wait for it: the sooner it is stored, the better. */
  get isMuch(): boolean {
    return Math.max(this.#held.fetched, this.#held.unfolded) > BYTES_OF_CONNECTION;
  }

  giveBack(): void {
    this.#keep("fetched", 0);
    this.#keep("unfolded", 0);
    this.#keep("texts", 0);
    this.#keep("unforeseen", 0);
  }

  /** Null where it is there: mostly it is, and waiting for nothing takes longer than all else that is done here. */
  #hold(part: keyof ReadMemory, sizeBytes: number): Promise<void> | null {
    this.#signal.throwIfAborted();
    const free = this.#memory[part].takeFree(sizeBytes);
    if (free === null) return this.#wait(part, sizeBytes);
    this.#held[part] = free;
    return null;
  }

  async #wait(part: keyof ReadMemory, sizeBytes: number): Promise<void> {
    this.#held[part] = await this.#memory[part].take(sizeBytes, this.#signal);
  }

  #keep(part: keyof ReadMemory, sizeBytes: number): void {
    const rest = Math.max(0, this.#held[part] - sizeBytes);
    this.#held[part] -= rest;
    this.#memory[part].give(rest);
  }
}
