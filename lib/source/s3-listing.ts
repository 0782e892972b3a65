import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { SluiceError } from "@/lib/core/errors";
import { LIST_PAGE_KEYS_MAX } from "@/lib/core/limits";
import { normaliseEtag } from "./etag";
import { notS3, translateS3Error } from "./s3-errors";
import type { S3Session } from "./s3-session";
import type { ListedObject, ListPage } from "./source";

export type ListArgs = { prefix: string; startAfter: string | null; token: string | null };

/** One ListObjectsV2. Rejects with SluiceError, or with whatever the signal's reason makes of the request. */
export async function requestPage(
  session: S3Session,
  args: ListArgs,
  signal: AbortSignal,
): Promise<ListPage> {
  const { bucket } = session;
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    MaxKeys: LIST_PAGE_KEYS_MAX,
    // XML cannot carry every character that a key may have.
    EncodingType: "url",
    Prefix: args.prefix === "" ? undefined : args.prefix,
    StartAfter: args.token === null && args.startAfter !== null ? args.startAfter : undefined,
    ContinuationToken: args.token ?? undefined,
  });
  try {
    const answer = await session.client.send(command, { abortSignal: signal });
    return pageFrom(answer, session);
  } catch (error) {
    throw translateS3Error(error, { ...session, operation: "list" });
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
export function pageFrom(
  answer: ListObjectsV2CommandOutput,
  names: { bucket: string; host: string; region: string },
): ListPage {
  const isListing =
    answer.Contents !== undefined || answer.IsTruncated !== undefined || answer.KeyCount !== undefined;
  if (!isListing) throw notS3({ ...names, operation: "list" });
  if (answer.IsTruncated && !answer.NextContinuationToken) {
    throw disorder(
      `"${names.host}" says that the listing of "${names.bucket}" goes on, but not how to go on.`,
    );
  }
  const decode = answer.EncodingType === "url" ? decodeKey : (key: string) => key;
  const objects = (answer.Contents ?? []).map((entry): ListedObject => {
    if (!entry.Key || entry.Size === undefined) throw notS3({ ...names, operation: "list" });
    return {
      key: decode(entry.Key),
      etag: normaliseEtag(entry.ETag),
      sizeBytes: entry.Size,
      lastModified: entry.LastModified?.getTime() ?? 0,
      storageClass: entry.StorageClass ?? "STANDARD",
    };
  });
  return { objects, nextToken: answer.IsTruncated ? (answer.NextContinuationToken ?? null) : null };
}

/** `+` is a space (a plus sign comes as %2B), the rest is percent-encoded UTF-8; a slash may come either way. */
export function decodeKey(encoded: string): string {
  try {
    const key = decodeURIComponent(encoded.replaceAll("+", " "));
    if (key.includes("\0")) throw new URIError("NUL");
    return key;
  } catch (cause) {
    throw disorder(
      `The bucket holds a key that is not valid UTF-8 or holds a NUL (${encoded.slice(0, 200)}); rename that object, or narrow the prefix to leave it out.`,
      cause,
    );
  }
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
