import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compareKeys } from "@/lib/core/bytes-order";
import type { ListedObject, ObjectSource, ReadResult } from "../source";
import { isSluiceError } from "./contract-expectations";
import { ODD_KEYS } from "./odd-keys";

/** A bucket that is empty at first, a source that reads it, and the means to change it. */
export type SourceBench = {
  source: ObjectSource;
  /** How many keys the source puts on a page at most. */
  pageKeys: number;
  put(key: string, content: string): Promise<void>;
  remove(key: string): Promise<void>;
  close(): Promise<void>;
};

const BYTES_MAX = 1_000_000;
const PAGES_MAX = 100;
const { signal } = new AbortController();
const start = { startAfter: null, token: null, signal };

/** What every ObjectSource does. Run on the fake and on a real server, so that the fake cannot drift away. */
export function describeSource(name: string, openBench: () => Promise<SourceBench>): void {
  describe(name, () => {
    let opened: SourceBench | null = null;
    const bench = () => {
      if (opened === null) throw new Error("the bench is not open yet");
      return opened;
    };
    beforeAll(async () => {
      opened = await openBench();
    });
    afterAll(async () => {
      await opened?.close();
    });

    test("an empty bucket is one empty last page", async () => {
      expect(await bench().source.listPage({ prefix: "", ...start })).toMatchObject({
        objects: [],
        nextToken: null,
      });
    });
    describe("paging", () => testPaging(bench));
    describe("keys", () => testKeys(bench));
    describe("reading", () => testReading(bench));
    describe("aborting", () => testAborting(bench));
  });
}

function testPaging(bench: () => SourceBench): void {
  const count = () => bench().pageKeys * 2 + 1;
  const keyAt = (number: number) => `page/${String(number).padStart(6, "0")}`;
  beforeAll(async () => {
    const numbers = Array.from({ length: count() }, (_, number) => number);
    const parts = Array.from({ length: 32 }, (_, part) => numbers.filter((number) => number % 32 === part));
    await Promise.all(
      parts.map(async (part) => {
        for (const number of part) await bench().put(keyAt(number), `text ${number}`);
      }),
    );
  });

  test("pages give every key once, in order, none longer than a page", async () => {
    const first = await bench().source.listPage({ prefix: "page/", ...start });
    expect(first.objects).toHaveLength(bench().pageKeys);
    expect(first.nextToken).not.toBeNull();
    const keys = (await listAll(bench(), "page/")).map((object) => object.key);
    expect(keys).toEqual(Array.from({ length: count() }, (_, number) => keyAt(number)));
  });

  test("startAfter is exclusive, and need not be a key", async () => {
    const [next] = await listAll(bench(), "page/", keyAt(count() - 2));
    expect(next?.key).toBe(keyAt(count() - 1));
    const [between] = await listAll(bench(), "page/", `${keyAt(1)}x`);
    expect(between?.key).toBe(keyAt(2));
    expect(await listAll(bench(), "page/", keyAt(count() - 1))).toEqual([]);
  });

  test("a prefix is text, not a folder", async () => {
    const keys = (await listAll(bench(), "page/00000")).map((object) => object.key);
    expect(keys).toEqual(Array.from({ length: Math.min(10, count()) }, (_, number) => keyAt(number)));
    expect(await listAll(bench(), "pag3")).toEqual([]);
  });
}

function testKeys(bench: () => SourceBench): void {
  test("odd keys come back byte for byte, in UTF-8 order, and each reads its own text", async () => {
    for (const key of ODD_KEYS) await bench().put(`odd:${key}`, `text of ${key}`);
    const listed = await listAll(bench(), "odd:");
    expect(listed.map((object) => object.key)).toEqual(ODD_KEYS.map((key) => `odd:${key}`).sort(compareKeys));
    for (const object of listed)
      expect(await readText(bench(), object)).toBe(`text of ${object.key.slice(4)}`);
  });

  test("keys that begin with a slash or with dots are not resolved like paths", async () => {
    for (const key of ["/lead", "../up", "../here", "//"]) {
      await bench().put(key, `text of ${key}`);
      expect(await readText(bench(), await listOne(bench(), key))).toBe(`text of ${key}`);
    }
  });

  test("startAfter takes odd keys as they are", async () => {
    const sorted = ODD_KEYS.map((key) => `odd:${key}`).sort(compareKeys);
    for (const [at, key] of sorted.entries()) {
      const [next] = await listAll(bench(), "odd:", key);
      expect(next?.key).toBe(sorted[at + 1]);
    }
  });
}

function testReading(bench: () => SourceBench): void {
  test("a listing tells size, time, class and an ETag without quotes; a read tells the same", async () => {
    await bench().put("facts", "twelve bytes");
    const listed = await listOne(bench(), "facts");
    expect(listed).toMatchObject({
      sizeBytes: 12,
      storageClass: "STANDARD",
      etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const result = await readObject(bench(), listed);
    expect(result).toMatchObject({ outcome: "read", etag: listed.etag });
    if (result.outcome === "read")
      expect(Math.abs(result.lastModified - listed.lastModified)).toBeLessThan(1_000);
  });

  test("an empty object reads as no bytes", async () => {
    await bench().put("empty", "");
    expect(await readText(bench(), await listOne(bench(), "empty"))).toBe("");
  });

  test("an object that was overwritten since its listing is changed, also with the same length", async () => {
    await bench().put("changing", "first!");
    const listed = await listOne(bench(), "changing");
    await bench().put("changing", "second");
    expect(await readObject(bench(), listed)).toEqual({ outcome: "changed" });
    expect(await readText(bench(), await listOne(bench(), "changing"))).toBe("second");
  });

  test("an object that was removed since its listing has vanished", async () => {
    await bench().put("going", "soon gone");
    const listed = await listOne(bench(), "going");
    await bench().remove("going");
    expect(await readObject(bench(), listed)).toEqual({ outcome: "vanished" });
    expect(await listAll(bench(), "going")).toEqual([]);
  });

  test("an object of bytesMax is read, one byte more is too large", async () => {
    await bench().put("sized", "x".repeat(1_000));
    const listed = await listOne(bench(), "sized");
    expect(await readObject(bench(), listed, 1_000)).toMatchObject({ outcome: "read" });
    await expect(readObject(bench(), listed, 999)).rejects.toSatisfy(
      isSluiceError("object_too_large", "skip"),
    );
  });
}

function testAborting(bench: () => SourceBench): void {
  test("an aborted signal rejects with its own reason", async () => {
    const listed = await listOne(bench(), "facts");
    const aborted = AbortSignal.abort(new Error("the run was cancelled"));
    await expect(
      bench().source.listPage({ prefix: "", startAfter: null, token: null, signal: aborted }),
    ).rejects.toThrow("the run was cancelled");
    await expect(
      bench().source.read({ object: listed, bytesMax: BYTES_MAX, signal: aborted }),
    ).rejects.toThrow("the run was cancelled");
  });

  test("a call that is under way ends when its signal is aborted", async () => {
    const controller = new AbortController();
    const listing = bench().source.listPage({
      prefix: "",
      startAfter: null,
      token: null,
      signal: controller.signal,
    });
    controller.abort(new Error("the run was cancelled"));
    await expect(listing).rejects.toThrow("the run was cancelled");
  });
}

async function listAll(
  bench: SourceBench,
  prefix: string,
  startAfter: string | null = null,
): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let token: string | null = null;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await bench.source.listPage({ prefix, startAfter, token, signal });
    objects.push(...answer.objects);
    if (answer.nextToken === null) return objects;
    token = answer.nextToken;
  }
  throw new Error("the listing never ends");
}

async function listOne(bench: SourceBench, key: string): Promise<ListedObject> {
  const found = (await listAll(bench, key)).find((object) => object.key === key);
  if (found === undefined) throw new Error(`not listed: ${JSON.stringify(key)}`);
  return found;
}

function readObject(bench: SourceBench, object: ListedObject, bytesMax = BYTES_MAX): Promise<ReadResult> {
  return bench.source.read({ object, bytesMax, signal });
}

async function readText(bench: SourceBench, object: ListedObject): Promise<string> {
  const result = await readObject(bench, object);
  if (result.outcome !== "read") throw new Error(`not read: ${result.outcome}`);
  return Buffer.from(result.bytes).toString("utf8");
}
