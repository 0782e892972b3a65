import { setTimeout as pause } from "node:timers/promises";
import { SluiceError } from "@/lib/core/errors";
import { S3_RETRY_PAUSE_MS } from "@/lib/core/limits";
import { normaliseEtag } from "./etag";
import { sendRequest } from "./s3-attempts";
import { notS3, translateS3Error } from "./s3-errors";
import type { Listing, ListingEntry, ListRequest } from "./s3-requests";
import type { S3Names, S3Session } from "./s3-session";
import type { ListedObject, ListPage } from "./source";

/** What stands where bytes were no UTF-8. */
const REPLACEMENT = "\ufffd";

/**
 * One page. An answer that is no listing is asked for again, since a proxy may have cut it or put a page of its own in
 * its place. Rejects with SluiceError, or with the signal's reason.
 */
export async function requestPage(
  session: S3Session,
  request: ListRequest,
  signal: AbortSignal,
): Promise<ListPage> {
  const foreign = notS3({ ...session.names(), operation: "list" }).message;
  for (let attempt = 1; ; attempt++) {
    try {
      return await requestOnce(session, request, signal);
    } catch (error) {
      const isForeign = error instanceof SluiceError && error.message === foreign;
      if (!isForeign || attempt >= session.attemptsMax) throw error;
      await pause(S3_RETRY_PAUSE_MS * attempt, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

async function requestOnce(session: S3Session, request: ListRequest, signal: AbortSignal): Promise<ListPage> {
  try {
    const listing = await sendRequest(session, { kind: "list", signal }, (requests, inTime) =>
      requests.list(request, inTime),
    );
    return pageFrom(listing, session.names());
  } catch (error) {
    signal.throwIfAborted();
    throw translateS3Error(error, { ...session.names(), operation: "list" });
  }
}

/**
 * The page that an answer holds. Throws
 *   - source_unreachable when it is not an answer to a listing: a login page that is well-formed XML would
 *     otherwise pass for an empty bucket;
 *   - listing_disorder when more keys are promised without a token to get them by, or when a key is not valid
 *     UTF-8 or holds a NUL, which no database text can: altered, it could not be read, and left out, its
 *     neighbours' absence would prove nothing.
 */
function pageFrom(listing: Listing, names: S3Names): ListPage {
  const { isTruncated, nextToken, keyCount, entries } = listing;
  if (isTruncated === null && keyCount === null && entries === null)
    throw notS3({ ...names, operation: "list" });
  if (isTruncated && !nextToken) {
    throw disorder(
      `"${names.host}" says that the listing of "${names.bucket}" goes on, but not how to go on.`,
    );
  }
  const decode = listing.encodingType === "url" ? decodeKey : plainKey;
  const objects = (entries ?? []).map((entry) => objectFrom(entry, decode, names));
  const altered = listing.isUtf8 ? undefined : objects.find(({ key }) => key.includes(REPLACEMENT));
  if (altered !== undefined) throw unreadableKey(altered.key);
  return { objects, nextToken: isTruncated ? nextToken : null, bytes: listing.bytes };
}

function objectFrom(entry: ListingEntry, decode: (key: string) => string, names: S3Names): ListedObject {
  const { key, sizeBytes, storageClass } = entry;
  const isWhole = key !== null && key !== "" && sizeBytes !== null && sizeBytes >= 0;
  if (!isWhole || !Number.isSafeInteger(sizeBytes)) throw notS3({ ...names, operation: "list" });
  return {
    key: decode(key),
    etag: normaliseEtag(entry.etag),
    sizeBytes,
    lastModified: entry.lastModified ?? 0,
    storageClass: storageClass ?? "STANDARD",
  };
}

/** `+` is a space (a plus sign comes as %2B), the rest is percent-encoded UTF-8; a slash may come either way. */
function decodeKey(encoded: string): string {
  const spaced = encoded.includes("+") ? encoded.replaceAll("+", " ") : encoded;
  if (!spaced.includes("%")) return plainKey(spaced);
  // Most keys have slashes, and nothing else that is encoded.
  const slashed = spaced.replaceAll("%2F", "/");
  return plainKey(slashed.includes("%") ? decodePercent(slashed) : slashed);
}

function decodePercent(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw unreadableKey(encoded, cause);
  }
}

function plainKey(key: string): string {
  if (key.includes("\0")) throw unreadableKey(key);
  return key;
}

function unreadableKey(key: string, cause?: unknown): SluiceError {
  return disorder(
    `The bucket holds a key that is not valid UTF-8 or holds a NUL (${key.slice(0, 200)}); rename that object, or narrow the prefix to leave it out.`,
    cause,
  );
}

function disorder(sentence: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: "listing_disorder",
    effect: "stop",
    message: sentence,
    details: sentence,
    cause,
  });
}
