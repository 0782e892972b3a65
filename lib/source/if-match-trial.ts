import { requestObject } from "./s3-reading";
import type { S3Session } from "./s3-session";
import type { ListedObject } from "./source";

/** An ETag that no object has. */
const OTHER_ETAG = "00000000000000000000000000000000";

/**
 * Whether the store judges `If-Match` as it should; null where that cannot be told.
 *
 *   its own ETag   another ETag   then
 *   412            -              false: it rewrites its ETags, or they are weak
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
    if (own !== "unwanted") return own === "mismatch" ? false : null;
    const other = await ask(OTHER_ETAG);
    if (other === "missing") return null;
    return other === "mismatch";
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
