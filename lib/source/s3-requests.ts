import type { CollectedBody } from "./body-pieces";

export type ListRequest = { prefix: string; startAfter: string | null; token: string | null };

/** A null is what the store left out. Texts are as they were sent: still encoded where `encodingType` says so. */
export type Listing = {
  isTruncated: boolean | null;
  nextToken: string | null;
  encodingType: string | null;
  keyCount: number | null;
  /** Null where there is not one, which an empty listing and a document of another kind have in common. */
  entries: ListingEntry[] | null;
  /** Whether every text came as valid UTF-8; where not, some hold characters that stand for what was lost. */
  isUtf8: boolean;
  /** Of the body as it was received. */
  bytes: number;
};

export type ListingEntry = {
  key: string | null;
  etag: string | null;
  sizeBytes: number | null;
  /** Epoch milliseconds. */
  lastModified: number | null;
  storageClass: string | null;
};

export type ObjectRequest = {
  key: string;
  ifMatch: string | null;
  range: string | null;
  bytesMax: number;
  /** Asked once the headers are there. The body of an object that is not wanted is not read. */
  wants(head: ObjectHead): boolean;
};

export type ObjectHead = {
  /** Without quotes and weak marker; empty where the store gives none. */
  etag: string;
  /** Whether other bytes may have the same ETag. */
  isEtagWeak: boolean;
  /** Epoch milliseconds, to the second; null where the store gives none. */
  lastModified: number | null;
  /** Of the body as it is sent; null where the store does not announce it. */
  lengthBytes: number | null;
  contentType: string | null;
  contentEncoding: string | null;
};

/** A null body was not wanted. Never more than the request's `bytesMax` bytes of one were kept. */
export type ObjectAnswer = { head: ObjectHead; body: CollectedBody | null };

/**
 * The two requests that Sluice lives on, each sent once: who repeats, waits and translates stands above. Both reject
 * with what `s3-faults.ts` judges, or with a SluiceError that no repetition changes.
 */
export interface S3Requests {
  /** One ListObjectsV2, its whole answer read. */
  list(request: ListRequest, signal: AbortSignal): Promise<Listing>;

  /** One GetObject to the end of its body, however that was. */
  get(request: ObjectRequest, signal: AbortSignal): Promise<ObjectAnswer>;
}
