import { createHash } from "node:crypto";
import { compareKeys } from "@/lib/core/bytes-order";
import { SluiceError } from "@/lib/core/errors";
import { LIST_PAGE_KEYS_MAX } from "@/lib/core/limits";
import { tooLarge } from "../s3-body";
import {
  type ListedObject,
  type ListPage,
  NOTHING_FOUND,
  type ObjectSource,
  type ReadResult,
  type SourceFindings,
} from "../source";

export type MemoryObject = {
  bytes: Uint8Array;
  etag: string;
  lastModified: number;
  storageClass: string;
  contentType: string | null;
};

type Hook<Args> = ((args: Args) => void | Promise<void>) | null;
type ListArgs = Parameters<ObjectSource["listPage"]>[0];

/**
 * A bucket in memory that behaves as S3 does, for tests of the engine. `source-contract.ts` holds it to that.
 *
 * The hooks run first, inside the call, and may throw, wait, or change the bucket: that is how a test lets an
 * object change between its listing and its read. Every put moves `now` on by a second unless told a time.
 */
export class MemorySource implements ObjectSource {
  readonly counts = { listed: 0, read: 0 };
  beforePage: Hook<ListArgs> = null;
  beforeRead: Hook<{ key: string; signal: AbortSignal }> = null;
  now: number;

  readonly #objects = new Map<string, MemoryObject>();
  readonly #pageKeys: number;
  #sortedKeys: string[] | null = null;
  #isClosed = false;

  constructor(options: { pageKeys?: number; now?: number } = {}) {
    this.#pageKeys = options.pageKeys ?? LIST_PAGE_KEYS_MAX;
    this.now = options.now ?? Date.UTC(2026, 0, 1);
  }

  /** Stores an object; its ETag is the MD5 of its bytes unless given. */
  put(
    key: string,
    content: string | Uint8Array,
    extra: Partial<Omit<MemoryObject, "bytes">> = {},
  ): MemoryObject {
    const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    this.now += 1_000;
    const object: MemoryObject = {
      bytes,
      etag: extra.etag ?? createHash("md5").update(bytes).digest("hex"),
      lastModified: extra.lastModified ?? this.now,
      storageClass: extra.storageClass ?? "STANDARD",
      contentType: extra.contentType ?? null,
    };
    if (!this.#objects.has(key)) this.#sortedKeys = null;
    this.#objects.set(key, object);
    return object;
  }

  remove(key: string): boolean {
    this.#sortedKeys = null;
    return this.#objects.delete(key);
  }

  keys(): string[] {
    this.#sortedKeys ??= [...this.#objects.keys()].sort(compareKeys);
    return this.#sortedKeys;
  }

  async listPage({ prefix, startAfter, token, signal }: ListArgs): Promise<ListPage> {
    this.#begin(signal);
    this.counts.listed++;
    await this.beforePage?.({ prefix, startAfter, token, signal });
    signal.throwIfAborted();
    const after = token === null ? startAfter : keyOf(token);
    const keys = this.keys();
    const objects: ListedObject[] = [];
    let at = after === null ? 0 : firstAfter(keys, after);
    for (; at < keys.length && objects.length < this.#pageKeys; at++) {
      const object = this.#describe(keys[at], prefix);
      if (object !== null) objects.push(object);
    }
    const isMore = keys.slice(at).some((key) => key.startsWith(prefix));
    const last = objects.at(-1);
    const bytes = objects.reduce((sum, { key }) => sum + Buffer.byteLength(key), 0);
    return { objects, nextToken: isMore && last !== undefined ? tokenOf(last.key) : null, bytes };
  }

  async read({ object, bytesMax, signal }: Parameters<ObjectSource["read"]>[0]): Promise<ReadResult> {
    this.#begin(signal);
    this.counts.read++;
    await this.beforeRead?.({ key: object.key, signal });
    signal.throwIfAborted();
    const found = this.#objects.get(object.key);
    if (found === undefined) return { outcome: "vanished" };
    if (found.etag !== object.etag) return { outcome: "changed" };
    if (found.bytes.length > bytesMax) throw tooLarge(bytesMax);
    const { bytes, etag, lastModified, contentType } = found;
    return { outcome: "read", bytes, etag, lastModified, contentType };
  }

  findings(): SourceFindings {
    return NOTHING_FOUND;
  }

  close(): void {
    this.#isClosed = true;
  }

  #begin(signal: AbortSignal): void {
    signal.throwIfAborted();
    if (!this.#isClosed) return;
    throw new SluiceError({
      code: "internal",
      effect: "stop",
      message: "The source is closed; open another one.",
    });
  }

  #describe(key: string | undefined, prefix: string): ListedObject | null {
    if (key === undefined || !key.startsWith(prefix)) return null;
    const object = this.#objects.get(key);
    if (object === undefined) return null;
    const { bytes, etag, lastModified, storageClass } = object;
    return { key, etag, sizeBytes: bytes.length, lastModified, storageClass };
  }
}

/** The place of the first key that is greater than `after`. */
function firstAfter(keys: readonly string[], after: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = keys[middle];
    if (key !== undefined && compareKeys(key, after) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function tokenOf(key: string): string {
  return Buffer.from(key, "utf8").toString("base64url");
}

function keyOf(token: string): string {
  return Buffer.from(token, "base64url").toString("utf8");
}
