import type { ExtractedDocument } from "./extract";

export type ObjectToRead = { name: string; bytes: Uint8Array };

/**
 * Parent to child: read these, in this order. A child has at most one batch. The bytes of all objects travel one behind
 * the other: a message with an array of its own for each takes as long as reading a small text.
 */
export type Batch = { batch: number; objects: { name: string; sizeBytes: number }[]; bytes: Uint8Array };

export function packBatch(batch: number, objects: readonly ObjectToRead[]): Batch {
  return {
    batch,
    objects: objects.map(({ name, bytes }) => ({ name, sizeBytes: bytes.byteLength })),
    bytes:
      objects.length === 1 && objects[0]
        ? objects[0].bytes
        : Buffer.concat(objects.map(({ bytes }) => bytes)),
  };
}

export function unpackBatch({ objects, bytes }: Batch): ObjectToRead[] {
  let at = 0;
  return objects.map(({ name, sizeBytes }) => {
    at += sizeBytes;
    return { name, bytes: bytes.subarray(at - sizeBytes, at) };
  });
}

/** Child to parent: it is up and waits for work. */
export type Ready = { ready: true };

/** Child to parent: the whole batch, in the order it was asked. */
export type BatchRead = { batch: number; documents: ExtractedDocument[]; residentBytes: number };

export function isBatch(message: unknown): message is Batch {
  return (
    typeof message === "object" && message !== null && "objects" in message && Array.isArray(message.objects)
  );
}

export function isReady(message: unknown): message is Ready {
  return typeof message === "object" && message !== null && "ready" in message;
}

export function isBatchRead(message: unknown): message is BatchRead {
  return (
    typeof message === "object" &&
    message !== null &&
    "documents" in message &&
    Array.isArray(message.documents)
  );
}
