import type { Readable } from "node:stream";
import { SluiceError } from "@/lib/core/errors";
import { collectBody } from "./collect-body";
import { unreachable } from "./s3-errors";

/**
 * All bytes of an object, never more than `bytesMax` of them in memory. The stream is always left destroyed or ended.
 *
 * Rejects with object_too_large as soon as that is known, object_changed when the body is shorter or longer than
 * announced, source_unreachable when nothing arrives for `idleMs`.
 */
export async function readBody(
  body: Readable,
  bounds: { lengthBytes: number | null; bytesMax: number; idleMs: number; host: string },
): Promise<Buffer> {
  const { lengthBytes, bytesMax, idleMs, host } = bounds;
  if (lengthBytes !== null && lengthBytes > bytesMax) {
    body.destroy();
    throw tooLarge(bytesMax);
  }
  const { bytes, ending, cause } = await collectBody(body, { bytesMax, idleMs });
  if (ending === "stalled") throw unreachable(`"${host}" stopped in the middle of an object.`, cause);
  if (ending === "too_large") throw tooLarge(bytesMax);
  if (ending === "cut" || (lengthBytes !== null && bytes.length !== lengthBytes))
    throw cutShort(bytes.length, lengthBytes, cause);
  return bytes;
}

export function tooLarge(bytesMax: number): SluiceError {
  return new SluiceError({
    code: "object_too_large",
    effect: "skip",
    message: `The object has more than ${bytesMax} bytes`,
    details: "Sluice leaves objects of this size out.",
  });
}

export function cutShort(receivedBytes: number, announcedBytes: number | null, cause?: unknown): SluiceError {
  const announced = announcedBytes === null ? "an unknown number of" : `${announcedBytes}`;
  return new SluiceError({
    code: "object_changed",
    effect: "retry",
    message: "The object did not arrive whole",
    details: `${receivedBytes} of ${announced} bytes arrived; the next run reads it again.`,
    cause,
  });
}
