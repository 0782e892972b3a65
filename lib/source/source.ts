/** One object as a listing describes it. No bytes yet. */
export type ListedObject = {
  /** The exact key, decoded; its UTF-8 bytes are what S3 holds. */
  key: string;
  /** Opaque, without quotes: compare for equality, never read meaning into it. Empty where a store gives none. */
  etag: string;
  sizeBytes: number;
  /** Epoch milliseconds. */
  lastModified: number;
  /** As the store names it (`STANDARD`, `GLACIER`, …); `STANDARD` where it names none. */
  storageClass: string;
};

/** One answer of ListObjectsV2, not yet trusted: order and progress are checked by the engine's walker. */
export type ListPage = {
  objects: ListedObject[];
  /** Null on the last page. Never given to a later run: only the run that got it may use it. */
  nextToken: string | null;
};

/** What of an object was read. `etag` is the one the store sent with these bytes. */
export type ReadResult =
  | { outcome: "read"; bytes: Uint8Array; etag: string; lastModified: number; contentType: string | null }
  | { outcome: "vanished" }
  | { outcome: "changed" };

/**
 * A bucket, narrowed to what the engine asks of it. Every method rejects with SluiceError, or, once its signal is
 * aborted, with that signal's reason:
 *
 *   code                 effect   when
 *   source_auth          stop     the key, its secret or its token is refused
 *   source_denied        stop     the key may not list
 *   bucket_missing       stop     there is no such bucket
 *   invalid_input        stop     the bucket is in another region (`details` names it where the store does)
 *   listing_disorder     stop     more keys are promised without a token, or a key is not valid UTF-8
 *   source_throttled     retry    SlowDown, 429, 503 after our retries
 *   source_unreachable   retry    network, time-out, a stalled body, 5xx, an answer that is not S3's
 *   source_unreachable   stop     the host leads to an address that Sluice may not connect to
 *   object_denied        skip     403 on one object
 *   unsupported          skip     the object is in an archive, which its storage class did not tell
 *   extract_failed       skip     `Content-Encoding` names a compression that the bytes do not have
 *   object_too_large     skip     more bytes than `bytesMax` arrived
 *   object_changed       skip     the body was cut short or longer than announced
 */
export interface ObjectSource {
  /**
   * One page of at most 1,000 keys under `prefix`, from the start, after `startAfter`, or on from `token`.
   * A page may be empty and still not be the last.
   */
  listPage(args: {
    prefix: string;
    startAfter: string | null;
    token: string | null;
    signal: AbortSignal;
  }): Promise<ListPage>;

  /**
   * The whole object, if it still is the one that was listed: `If-Match` where the ETag is strong and the store
   * honours it, otherwise the answer's own ETag, length and LastModified (to the second) are compared.
   * `Content-Encoding: gzip | deflate | br` is decoded, bounded by `bytesMax`.
   */
  read(args: { object: ListedObject; bytesMax: number; signal: AbortSignal }): Promise<ReadResult>;

  /** Closes sockets. Nothing may be called afterwards. */
  close(): void;
}

/** How a bucket is reached. The secret half lives in memory only while a source is open. */
export type SourceSettings = {
  bucket: string;
  region: string;
  /** Base URL without bucket or path; null means AWS. */
  endpoint: string | null;
  addressingStyle: "path" | "virtual";
  credentials: { accessKeyId: string; secretAccessKey: string };
};

/** Classes whose objects cannot be read before they are restored. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** Glacier Instant Retrieval (`GLACIER_IR`) reads like any other. */
export function isArchived(storageClass: string): boolean {
  return ARCHIVE_CLASSES.has(storageClass);
}
