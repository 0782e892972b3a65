/** One object as a listing describes it. No bytes yet. */
export type ListedObject = {
  /** The exact key, decoded; its UTF-8 bytes are what S3 holds. */
  key: string;
  /** Opaque, without quotes: compare for equality, never read meaning into it. Empty where a store gives none. */
  etag: string;
  sizeBytes: number;
  /** Epoch milliseconds; 0 where a store gives none. */
  lastModified: number;
  /** As the store names it (`STANDARD`, `GLACIER`, …); `STANDARD` where it names none. */
  storageClass: string;
};

/** One answer of ListObjectsV2, not yet trusted: order and progress are checked by the engine's walker. */
export type ListPage = {
  objects: ListedObject[];
  /** Null on the last page. Never given to a later run: only the run that got it may use it. */
  nextToken: string | null;
  /** Of the answer's body as it was received. */
  bytes: number;
};

/** What of an object was read. `etag` is the one the store sent with these bytes. */
export type ReadResult =
  | { outcome: "read"; bytes: Uint8Array; etag: string; lastModified: number; contentType: string | null }
  | { outcome: "vanished" }
  | { outcome: "changed" };

/** What asking a store has shown that was not known before; null: nothing. It is used since. */
export type SourceFindings = {
  /** That the store named instead of the one in the settings. */
  region: string | null;
  isIfMatchHonoured: boolean | null;
};

export const NOTHING_FOUND: SourceFindings = { region: null, isIfMatchHonoured: null };

/**
 * A bucket, narrowed to what the engine asks of it. Every method rejects with SluiceError, or, once its signal is
 * aborted, with that signal's reason:
 *
 *   code                 effect   when
 *   source_auth          stop     the key, its secret or its token is refused
 *   source_denied        stop     the key may not list
 *   bucket_missing       stop     there is no such bucket
 *   invalid_input        stop     the region is wrong and the store does not name the right one, or names a second
 *   listing_disorder     stop     more keys are promised without a token, or a key is not valid UTF-8
 *   source_throttled     retry    SlowDown, 429, 503 after our retries
 *   source_unreachable   retry    network, 5xx, an answer that is not S3's; a listing that takes too long
 *   source_timeout       retry    a read that takes too long, or whose body stalls
 *   source_unreachable   stop     the host leads to an address that Sluice may not connect to
 *   object_denied        skip     403 on one object
 *   object_archived      skip     the object is in an archive, which its storage class did not tell
 *   extract_failed       skip     `Content-Encoding` names a compression that the bytes do not have
 *   object_too_large     skip     more bytes than `bytesMax` arrived
 *   object_changed       retry    the body was cut short, or longer than announced or listed
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
   * The whole object, if it still is the one that was listed: by `If-Match` and the answer's own ETag where that is
   * strong and the store honours the condition, otherwise by length and LastModified (to the second).
   * `Content-Encoding: gzip | deflate | br` is decoded, bounded by `bytesMax`. `beforeUnfolding` is awaited ahead of
   * that, since a small object may then take up to `bytesMax`; what it rejects with is the read's rejection.
   */
  read(args: {
    object: ListedObject;
    bytesMax: number;
    beforeUnfolding?: () => Promise<void>;
    signal: AbortSignal;
  }): Promise<ReadResult>;

  /** What the store has turned out to be so far. */
  findings(): SourceFindings;

  /** Closes sockets. Nothing may be called afterwards. */
  close(): void;
}

export type RequestKind = "list" | "get";

/**
 * Told of every request that goes out, also of those that repeat one.
 *
 *   outcome     the store
 *   answered    answered, also with a refusal
 *   throttled   asked for fewer requests
 *   broken      gave no answer, or one that says that it is failing
 */
export type RequestPace = {
  /** Awaited before a request is sent. May wait; rejects, and nothing is sent, once the signal is aborted. */
  admit(kind: RequestKind, signal: AbortSignal): Promise<void>;
  /** Once for each admitted request. `attempt` counts from 1; `retryAfterMs` is what the store asked for. */
  settle(
    kind: RequestKind,
    outcome: "answered" | "throttled" | "broken",
    retryAfterMs: number | null,
    attempt: number,
  ): void;
  /** Bytes of an object's body as they were sent, also of one that was cut or is refused. */
  receive(bytes: number): void;
};

/** An access key. The token stands beside keys that end by themselves. */
export type AccessKey = { accessKeyId: string; secretAccessKey: string; sessionToken: string | null };

/**
 * Who asks:
 *
 *   keys        an access key
 *   role        a role that an access key assumes, or, where `base` is null, this machine's own identity
 *   ambient     this machine's own identity: its environment, its profile, its instance
 *   anonymous   nobody; nothing is signed
 */
export type SourceCredentials =
  | ({ kind: "keys" } & AccessKey)
  | { kind: "role"; roleArn: string; externalId: string | null; base: AccessKey | null }
  | { kind: "ambient" }
  | { kind: "anonymous" };

/** How a bucket is reached. The secret half lives in memory only while a source is open. */
export type SourceSettings = {
  bucket: string;
  region: string;
  /** Base URL without bucket or path; null means AWS. */
  endpoint: string | null;
  addressingStyle: "path" | "virtual";
  credentials: SourceCredentials;
  /** PEM text of authorities that this endpoint's certificate may be signed by, beside those of the system. */
  caPem: string | null;
};

/** Classes whose objects cannot be read before they are restored. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** Glacier Instant Retrieval (`GLACIER_IR`) reads like any other. */
export function isArchived(storageClass: string): boolean {
  return ARCHIVE_CLASSES.has(storageClass);
}
