import { SluiceError } from "@/lib/core/errors";
import type { CollectedBody } from "./body-pieces";
import { timedOut } from "./s3-errors";

/**
 * All bytes of an object. Throws object_too_large where there were more than `bytesMax`, object_changed where the body
 * is shorter or longer than announced, source_timeout where it stopped coming.
 */
export function wholeObject(
  { bytes, ending, cause }: CollectedBody,
  { lengthBytes, bytesMax, host }: { lengthBytes: number | null; bytesMax: number; host: string },
): Buffer {
  if (ending === "stalled") throw timedOut(`"${host}" stopped in the middle of an object.`, cause);
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
