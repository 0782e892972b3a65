import type { ExtractedDocument } from "./extract";

/** Parent to child: read these, in this order. A child has at most one batch. */
export type Batch = { batch: number; objects: { name: string; bytes: Uint8Array }[] };

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
