import type { CollectedBody } from "./body-pieces";
import { sendRequest } from "./s3-attempts";
import { translateS3Error } from "./s3-errors";
import { statusOf } from "./s3-faults";
import type { ObjectHead, ObjectRequest } from "./s3-requests";
import type { S3Session } from "./s3-session";

export type ObjectOutcome =
  | { outcome: "read"; head: ObjectHead; body: CollectedBody }
  | { outcome: "unwanted"; head: ObjectHead }
  | { outcome: "missing" }
  | { outcome: "mismatch" };

/**
 * One GetObject. `mismatch` is 412: the ETag is not the one asked for. Rejects with SluiceError, or with the signal's
 * reason.
 */
export async function requestObject(
  session: S3Session,
  request: ObjectRequest,
  signal: AbortSignal,
): Promise<ObjectOutcome> {
  try {
    const { head, body } = await sendRequest(session, { kind: "get", signal }, (requests, inTime) =>
      requests.get(request, inTime),
    );
    if (body !== null) session.pace?.receive(body.bytes.length);
    return body === null ? { outcome: "unwanted", head } : { outcome: "read", head, body };
  } catch (error) {
    signal.throwIfAborted();
    if (statusOf(error) === 412) return { outcome: "mismatch" };
    const translated = translateS3Error(error, { ...session.names(), operation: "read" });
    if (translated.code === "object_missing") return { outcome: "missing" };
    throw translated;
  }
}
