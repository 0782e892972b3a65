import type { Readable } from "node:stream";

/**
 * How a body came to its end:
 *
 *   whole       the sender says that this was all
 *   cut         the connection ended before
 *   stalled     nothing came for `idleMs`
 *   too_large   more than `bytesMax` bytes came; those beyond are not among `bytes`
 */
export type Ending = "whole" | "cut" | "stalled" | "too_large";

export type CollectedBody = { bytes: Buffer; ending: Ending; cause: Error | null };

/** Reads a body to its end, or to what ends it. Never rejects; leaves the stream ended or destroyed. */
export function collectBody(
  body: Readable,
  { bytesMax, idleMs }: { bytesMax: number; idleMs: number },
): Promise<CollectedBody> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let receivedBytes = 0;
    let isOver = false;
    const finish = (ending: Ending, cause: Error | null) => {
      // Every stream closes after its end, and one that is destroyed may have an error to tell as well.
      if (isOver) return;
      isOver = true;
      clearTimeout(idle);
      if (ending !== "whole") body.destroy();
      resolve({ bytes: joined(pieces, receivedBytes), ending, cause });
    };
    const idle = setTimeout(() => finish("stalled", null), idleMs);
    body.on("data", (piece: Buffer) => {
      if (isOver) return;
      if (receivedBytes + piece.length > bytesMax) return finish("too_large", null);
      receivedBytes += piece.length;
      pieces.push(piece);
      idle.refresh();
    });
    body.once("end", () => finish("whole", null));
    body.on("error", (error) => finish(endingOf(error), error));
    body.once("close", () => finish("cut", null));
  });
}

/** The SDK watches for silence, too, and names its error so. */
function endingOf(error: Error): Ending {
  return error.name === "TimeoutError" ? "stalled" : "cut";
}

function joined(pieces: readonly Buffer[], lengthBytes: number): Buffer {
  const [first] = pieces;
  return pieces.length === 1 && first !== undefined ? first : Buffer.concat(pieces, lengthBytes);
}
