import type { Readable } from "node:stream";
import { SluiceError } from "@/lib/core/errors";
import { unreachable } from "./s3-errors";

/**
 * All bytes of a body, never more than `bytesMax` of them in memory. The stream is always left destroyed or ended.
 *
 * Rejects with object_too_large as soon as that is known, object_changed when the body is shorter or longer than
 * announced, source_unreachable when nothing arrives for `idleMs`.
 */
export async function readBody(
  body: Readable,
  bounds: { lengthBytes: number | null; bytesMax: number; idleMs: number; host: string },
): Promise<Buffer> {
  const { lengthBytes, bytesMax } = bounds;
  if (lengthBytes !== null && lengthBytes > bytesMax) {
    body.destroy();
    throw tooLarge(bytesMax);
  }
  const bytes = await collect(body, bounds);
  if (lengthBytes !== null && bytes.length !== lengthBytes) throw cutShort(bytes.length, lengthBytes);
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
    effect: "skip",
    message: "The object did not arrive whole",
    details: `${receivedBytes} of ${announced} bytes arrived; the next run reads it again.`,
    cause,
  });
}

async function collect(
  body: Readable,
  {
    lengthBytes,
    bytesMax,
    idleMs,
    host,
  }: { lengthBytes: number | null; bytesMax: number; idleMs: number; host: string },
): Promise<Buffer> {
  const stalled = unreachable(`"${host}" stopped in the middle of an object.`);
  const idle = setTimeout(() => body.destroy(stalled), idleMs);
  const pieces: Buffer[] = [];
  let receivedBytes = 0;
  try {
    for await (const piece of body) {
      idle.refresh();
      const bytes = Buffer.from(piece);
      receivedBytes += bytes.length;
      if (receivedBytes > bytesMax) throw tooLarge(bytesMax);
      pieces.push(bytes);
    }
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    // The SDK's own idle timer names its error so; anything else here is a body that ended too early.
    if (error instanceof Error && error.name === "TimeoutError") throw stalled;
    throw cutShort(receivedBytes, lengthBytes, error);
  } finally {
    clearTimeout(idle);
    body.destroy();
  }
  return Buffer.concat(pieces, receivedBytes);
}
