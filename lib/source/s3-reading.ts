import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { normaliseEtag, quoteEtag } from "./etag";
import { notS3, translateS3Error } from "./s3-errors";
import { statusOf } from "./s3-faults";
import type { S3Session } from "./s3-session";

export type ObjectRequest = { key: string; ifMatch: string | null; range: string | null };

/** An answer whose body still waits to be read or destroyed. */
export type OpenObject = {
  etag: string;
  /** Epoch milliseconds, to the second; null where the store gives none. */
  lastModified: number | null;
  /** Of the body as it is sent; null where the store does not announce it. */
  lengthBytes: number | null;
  contentType: string | null;
  contentEncoding: string | null;
  body: Readable;
};

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
  const call = { ...session, operation: "read" } as const;
  try {
    const answer = await session.client.send(
      new GetObjectCommand({
        Bucket: session.bucket,
        Key: request.key,
        IfMatch: request.ifMatch === null ? undefined : quoteEtag(request.ifMatch),
        Range: request.range ?? undefined,
      }),
      { abortSignal: signal },
    );
    if (!(answer.Body instanceof Readable)) throw notS3(call);
    const object: OpenObject = {
      etag: normaliseEtag(answer.ETag),
      lastModified: answer.LastModified?.getTime() ?? null,
      lengthBytes: answer.ContentLength ?? null,
      contentType: answer.ContentType ?? null,
      contentEncoding: answer.ContentEncoding ?? null,
      body: answer.Body,
    };
    return { outcome: "open", object };
  } catch (error) {
    if (statusOf(error) === 412) return { outcome: "mismatch" };
    const translated = translateS3Error(error, call);
    if (translated.code === "object_missing") return { outcome: "missing" };
    throw translated;
  }
}
