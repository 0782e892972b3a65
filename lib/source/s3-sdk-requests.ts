import { isUtf8 } from "node:buffer";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3";
import { LIST_ANSWER_BYTES_MAX, LIST_PAGE_KEYS_MAX, S3_ERROR_BYTES_MAX } from "@/lib/core/limits";
import { collectBody } from "./collect-body";
import { isWeakEtag, normaliseEtag, quoteEtag } from "./etag";
import { demandWhole, S3AnswerError } from "./s3-answer";
import type { Listing, ListRequest, ObjectAnswer, ObjectRequest, S3Requests } from "./s3-requests";

/** The two requests as the SDK sends and reads them. */
export class SdkRequests implements S3Requests {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #idleMs: number;

  constructor(args: { client: S3Client; bucket: string; idleMs: number }) {
    this.#client = args.client;
    this.#bucket = args.bucket;
    this.#idleMs = args.idleMs;
  }

  async list({ prefix, startAfter, token }: ListRequest, signal: AbortSignal): Promise<Listing> {
    const command = new ListObjectsV2Command({
      Bucket: this.#bucket,
      MaxKeys: LIST_PAGE_KEYS_MAX,
      // XML cannot carry every character that a key may have.
      EncodingType: "url",
      Prefix: prefix === "" ? undefined : prefix,
      StartAfter: token === null && startAfter !== null ? startAfter : undefined,
      ContinuationToken: token ?? undefined,
    });
    const received: Buffer[] = [];
    command.middlewareStack.add(
      (next) => async (args) => {
        const sent = await next(args);
        received.push(await this.#readBody(sent.response, LIST_ANSWER_BYTES_MAX));
        return sent;
      },
      { step: "deserialize", priority: "low" },
    );
    const output = await this.#client.send(command, { abortSignal: signal });
    return listingFrom(output, Buffer.concat(received));
  }

  async get(
    { key, ifMatch, range, bytesMax, wants }: ObjectRequest,
    signal: AbortSignal,
  ): Promise<ObjectAnswer> {
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      IfMatch: ifMatch === null ? undefined : quoteEtag(ifMatch),
      Range: range ?? undefined,
    });
    command.middlewareStack.add(
      (next) => async (args) => {
        const sent = await next(args);
        if (!isSuccess(sent.response)) await this.#readBody(sent.response, S3_ERROR_BYTES_MAX);
        return sent;
      },
      { step: "deserialize", priority: "low" },
    );
    const answer = await this.#client.send(command, { abortSignal: signal });
    const body = answer.Body;
    if (!(body instanceof Readable)) throw new S3AnswerError({ status: 200, headers: {} });
    const head = {
      etag: normaliseEtag(answer.ETag),
      isEtagWeak: isWeakEtag(answer.ETag),
      lastModified: answer.LastModified?.getTime() ?? null,
      lengthBytes: answer.ContentLength ?? null,
      contentType: answer.ContentType ?? null,
      contentEncoding: answer.ContentEncoding ?? null,
    };
    if (!wants(head)) {
      body.destroy();
      return { head, body: null };
    }
    const bounds = { bytesMax, announcedBytes: head.lengthBytes, idleMs: this.#idleMs };
    return { head, body: await collectBody(body, bounds) };
  }

  /** Reads a body before the SDK does, which knows no bound, and leaves the bytes in its place. */
  async #readBody(response: unknown, bytesMax: number): Promise<Buffer> {
    const body = fieldOf(response, "body");
    if (typeof response !== "object" || response === null || !(body instanceof Readable))
      return Buffer.alloc(0);
    const bounds = { bytesMax, announcedBytes: null, idleMs: this.#idleMs };
    const bytes = demandWhole(await collectBody(body, bounds));
    if (bytes === null && isSuccess(response)) throw new S3AnswerError({ status: 200, headers: {} });
    Reflect.set(response, "body", bytes ?? Buffer.alloc(0));
    return bytes ?? Buffer.alloc(0);
  }
}

function listingFrom(output: ListObjectsV2CommandOutput, body: Buffer): Listing {
  return {
    isTruncated: output.IsTruncated ?? null,
    nextToken: output.NextContinuationToken ?? null,
    encodingType: output.EncodingType ?? null,
    keyCount: output.KeyCount ?? null,
    entries:
      output.Contents?.map((entry) => ({
        key: entry.Key ?? null,
        etag: entry.ETag ?? null,
        sizeBytes: entry.Size ?? null,
        lastModified: entry.LastModified?.getTime() ?? null,
        storageClass: entry.StorageClass ?? null,
      })) ?? null,
    isUtf8: isUtf8(body),
    bytes: body.length,
  };
}

function isSuccess(response: unknown): boolean {
  const status = fieldOf(response, "statusCode");
  return typeof status === "number" && status < 300;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
