/**
 * How a body came to its end:
 *
 *   whole       the sender says that this was all
 *   cut         the connection ended before
 *   stalled     nothing came for too long
 *   too_large   more bytes came, or were announced, than were asked for; those beyond are not among `bytes`
 */
export type Ending = "whole" | "cut" | "stalled" | "too_large";

export type CollectedBody = { bytes: Buffer; ending: Ending; cause: Error | null };

/** A body while it comes, of which never more than `bytesMax` bytes are kept. */
export class BodyPieces {
  readonly #bytesMax: number;
  readonly #pieces: Buffer[] = [];
  #receivedBytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether there was room for it. */
  add(piece: Buffer): boolean {
    if (this.#receivedBytes + piece.length > this.#bytesMax) return false;
    this.#receivedBytes += piece.length;
    this.#pieces.push(piece);
    return true;
  }

  end(ending: Ending, cause: Error | null = null): CollectedBody {
    const [first] = this.#pieces;
    const isOne = this.#pieces.length === 1 && first !== undefined;
    return { bytes: isOne ? first : Buffer.concat(this.#pieces, this.#receivedBytes), ending, cause };
  }
}
