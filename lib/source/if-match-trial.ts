import { requestPage } from "./s3-listing";
import { requestObject } from "./s3-reading";
import type { S3Session } from "./s3-session";
import type { ListedObject } from "./source";

/** An ETag that no object has. */
const OTHER_ETAG = "00000000000000000000000000000000";

/**
 * Whether the store judges `If-Match` as it should; null where that cannot be told.
 *
 *   its own ETag   another ETag   then
 *   412            -              false: it rewrites its ETags, or they are weak; null where the object has changed
 *   the object     the object     false: it does not look at the condition
 *   the object     412            true
 *   anything else                 null
 *
 * Rejects only with the reason of an aborted signal.
 */
export async function tryIfMatch(
  session: S3Session,
  object: ListedObject,
  signal: AbortSignal,
): Promise<boolean | null> {
  if (object.etag === "") return null;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(session.timeouts.ifMatchTrialMs)]);
  const ask = async (ifMatch: string) => {
    const request = { key: object.key, ifMatch, range: "bytes=0-0", bytesMax: 1, wants: () => false };
    return (await requestObject(session, request, inTime)).outcome;
  };
  try {
    const own = await ask(object.etag);
    if (own === "mismatch") return (await isStillListed(session, object, inTime)) ? false : null;
    if (own !== "unwanted") return null;
    const other = await ask(OTHER_ETAG);
    if (other === "missing") return null;
    return other === "mismatch";
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

async function isStillListed(
  session: S3Session,
  { key, etag }: ListedObject,
  signal: AbortSignal,
): Promise<boolean> {
  const { objects } = await requestPage(session, { prefix: key, startAfter: null, token: null }, signal);
  return objects[0]?.key === key && objects[0].etag === etag;
}
