import { sendRequest } from "./s3-attempts";
import { translateS3Error } from "./s3-errors";
import { statusOf } from "./s3-faults";
import type { ObjectRequest, OpenObject } from "./s3-requests";
import type { S3Session } from "./s3-session";

export type ObjectAnswer =
  | { outcome: "open"; object: OpenObject }
  | { outcome: "missing" }
  | { outcome: "mismatch" };

/** One GetObject up to its headers. `mismatch` is 412: the ETag is not the one asked for. */
export async function requestObject(
  session: S3Session,
  request: ObjectRequest,
  signal: AbortSignal,
): Promise<ObjectAnswer> {
  try {
    const object = await sendRequest(session, { kind: "get", signal }, (requests) =>
      requests.get(request, signal),
    );
    return { outcome: "open", object };
  } catch (error) {
    if (statusOf(error) === 412) return { outcome: "mismatch" };
    const translated = translateS3Error(error, { ...session.names(), operation: "read" });
    if (translated.code === "object_missing") return { outcome: "missing" };
    throw translated;
  }
}
