import type { Readable } from "node:stream";
import { BodyPieces, type CollectedBody, type Ending } from "./body-pieces";

export type BodyBounds = {
  bytesMax: number;
  /** What the sender says the length is. More than `bytesMax` is too large before a byte is read. */
  announcedBytes: number | null;
  idleMs: number;
};

/** Reads a stream to its end, or to what ends it. Never rejects; leaves the stream ended or destroyed. */
export function collectBody(body: Readable, bounds: BodyBounds): Promise<CollectedBody> {
  const { bytesMax, announcedBytes, idleMs } = bounds;
  return new Promise((resolve) => {
    const pieces = new BodyPieces(bytesMax);
    let isOver = false;
    const finish = (ending: Ending, cause: Error | null) => {
      // Every stream closes after its end, and one that is destroyed may have an error to tell as well.
      if (isOver) return;
      isOver = true;
      clearTimeout(idle);
      if (ending !== "whole") body.destroy();
      resolve(pieces.end(ending, cause));
    };
    const idle = setTimeout(() => finish("stalled", null), idleMs);
    body.on("error", (error) => finish(endingOf(error), error));
    body.once("close", () => finish("cut", null));
    if (announcedBytes !== null && announcedBytes > bytesMax) return finish("too_large", null);
    body.on("data", (piece: Buffer) => {
      if (isOver) return;
      if (pieces.add(piece)) idle.refresh();
      else finish("too_large", null);
    });
    body.once("end", () => finish("whole", null));
  });
}

/** The SDK watches for silence, too, and names its error so. */
function endingOf(error: Error): Ending {
  return error.name === "TimeoutError" ? "stalled" : "cut";
}
