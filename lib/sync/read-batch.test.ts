import { describe, expect, test, vi } from "vitest";
import { DAY_MS } from "@/lib/core/clock";
import { SluiceError } from "@/lib/core/errors";
import { FAILED_READS_IN_A_ROW_MAX, FETCH_CONCURRENCY, OBJECT_BYTES_MAX } from "@/lib/core/limits";
import type { ExtractedDocument } from "@/lib/extract/extract";
import type { MemorySource } from "@/lib/source/testing/memory-source";
import type { ReadOutcome } from "./batch-store";
import { openBudget } from "./budget";
import { readBatch } from "./read-batch";
import { compileScope } from "./scope";
import { openStageClock } from "./stages";
import { bucketOf, listed, NOW, openBatch, SETTINGS, TEXT } from "./testing/open-batch";

describe("an object that is another one when it is read", () => {
  test.each<[string, (bucket: MemorySource) => void, string]>([
    [
      "is skipped where the filters leave it out now",
      (bucket) => bucket.put("000.txt", "x".repeat(1_001)),
      "filtered",
    ],
    [
      "is skipped where it is archived now",
      (bucket) => bucket.put("000.txt", "y", { storageClass: "GLACIER" }),
      "archived",
    ],
    ["is skipped where it is empty now", (bucket) => bucket.put("000.txt", ""), "empty"],
  ])("%s", async (_what, change, reason) => {
    const bucket = bucketOf(1);
    const { deps, outcomes, endings } = await openBatch(bucket);
    change(bucket);
    const read = vi.spyOn(bucket, "read");
    await readBatch(deps);
    expect(endings()).toEqual({ "000.txt": `skipped ${reason}` });
    // The manifest learns which version it was.
    expect([outcomes[0]?.queued.object]).toEqual(await listed(bucket));
    expect(read).toHaveBeenCalledTimes(1);
  });

  test("is skipped where it is too large now", async () => {
    const bucket = bucketOf(1);
    const { deps, endings } = await openBatch(bucket);
    bucket.put("000.txt", new Uint8Array(OBJECT_BYTES_MAX + 1), { etag: "large" });
    const { filters } = SETTINGS;
    const scope = compileScope({ ...SETTINGS, filters: { ...filters, sizeBytesMax: null } });
    await readBatch({ ...deps, scope });
    expect(endings()).toEqual({ "000.txt": "skipped too_large" });
  });

  test("is stored where it still belongs", async () => {
    const bucket = bucketOf(1);
    const { deps, endings } = await openBatch(bucket);
    bucket.put("000.txt", "other text");
    await readBatch(deps);
    expect(endings()).toEqual({ "000.txt": "stored" });
  });
});

describe("one bad object", () => {
  test("that is in an archive is skipped, and asked for again after a day", async () => {
    const bucket = bucketOf(2);
    const { deps, outcomes, endings } = await openBatch(bucket);
    bucket.beforeRead = ({ key }) => {
      if (key === "001.txt")
        throw new SluiceError({ code: "object_archived", effect: "skip", message: "archived" });
    };
    await readBatch(deps);
    expect(endings()).toEqual({ "000.txt": "stored", "001.txt": "skipped archived" });
    const skipped = outcomes.find(({ kind }) => kind === "skipped");
    expect(skipped).toMatchObject({ nextTryAt: NOW + DAY_MS });
  });

  test("over which something unforeseen is thrown fails as internal, is said to the log, and is due again", async () => {
    const bucket = bucketOf(3);
    const { deps, outcomes, endings } = await openBatch(bucket);
    const thrown = new TypeError("nobody thought of this");
    bucket.beforeRead = ({ key }) => {
      if (key === "001.txt") throw thrown;
    };
    const extract = async ({ name }: { name: string }) => {
      if (name === "002.txt") throw thrown;
      return TEXT;
    };
    const error = vi.spyOn(deps.log, "error");
    await readBatch({ ...deps, extractor: { ...deps.extractor, extract } });
    expect(endings()).toEqual({
      "000.txt": "stored",
      "001.txt": "failed internal at fetch",
      "002.txt": "failed internal at extract",
    });
    expect(error).toHaveBeenCalledWith({ err: thrown, key: "001.txt" }, expect.any(String));
    expect(outcomes.find(({ kind }) => kind === "failed")).toMatchObject({ attempt: 1, nextTryAt: NOW });
  });

  test.each<[string, ExtractedDocument, string]>([
    ["is skipped", { outcome: "unsupported", detected: "image/png" }, "skipped unsupported_type"],
    ["holds no text", { outcome: "empty", detected: "image/png" }, "skipped empty"],
    [
      "fails",
      { outcome: "failed", code: "extract_failed", message: "m", detected: "image/png" },
      "failed extract_failed at extract",
    ],
  ])("that %s when it is extracted says what kind it is", async (_how, extraction, ending) => {
    const { deps, outcomes, endings } = await openBatch(bucketOf(1));
    await readBatch({ ...deps, extractor: { ...deps.extractor, extract: async () => extraction } });
    expect(endings()).toEqual({ "000.txt": ending });
    expect(outcomes).toMatchObject([{ detected: "image/png" }]);
  });

  test("of an extractor that does not start is no failed read: nothing is listed to find out", async () => {
    const bucket = bucketOf(40);
    const { deps, endings } = await openBatch(bucket);
    const listings = bucket.counts.listed;
    const extract = () =>
      Promise.reject(new SluiceError({ code: "internal", effect: "retry", message: "It does not start." }));
    await readBatch({ ...deps, extractor: { ...deps.extractor, extract } });
    expect(new Set(Object.values(endings()))).toEqual(new Set(["failed internal at extract"]));
    expect(bucket.counts.listed).toBe(listings);
  });
});

test("texts are asked for in the connection's name, with which it takes its turn", async () => {
  const { deps } = await openBatch(bucketOf(3));
  const owners: string[] = [];
  const extract = async ({ owner }: { owner: string }) => {
    owners.push(owner);
    return TEXT;
  };
  await readBatch({ ...deps, connectionId: "mine", extractor: { ...deps.extractor, extract } });
  expect(owners).toEqual(["mine", "mine", "mine"]);
});

test.each(["fetched", "texts"])(
  "waiting for room (%s), fetching, extracting and storing are measured",
  async (part) => {
    const { deps } = await openBatch(bucketOf(2));
    let asked = 0;
    const stages = openStageClock(() => ++asked);
    await readBatch({ ...deps, stages, memory: { ...deps.memory, [part]: openBudget(1) } });
    expect(Object.keys(stages.drain()).sort()).toEqual(["extract", "fetch", "store", "wait"]);
  },
);

describe("many failed reads in a row", () => {
  const denied = () => {
    throw new SluiceError({ code: "object_denied", effect: "skip", message: "denied" });
  };

  test.each([
    ["ends the reading where the bucket is out of reach", false],
    ["goes on where it is not", true],
  ])("nothing is asked for while one listing decides, which %s", async (_what, isInReach) => {
    const bucket = bucketOf(150);
    const { deps, endings } = await openBatch(bucket);
    bucket.beforeRead = denied;
    const read = vi.spyOn(bucket, "read");
    let readsWhileDeciding = 0;
    vi.spyOn(bucket, "listPage").mockImplementation(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      readsWhileDeciding ||= read.mock.calls.length;
      if (!isInReach) throw new SluiceError({ code: "source_denied", effect: "stop", message: "denied" });
      return { objects: [], nextToken: null, bytes: 0 };
    });
    const reading = readBatch(deps);
    if (isInReach) await reading;
    else await expect(reading).rejects.toMatchObject({ code: "source_denied" });
    expect(readsWhileDeciding).toBeLessThanOrEqual(FAILED_READS_IN_A_ROW_MAX + FETCH_CONCURRENCY);
    expect(Object.keys(endings()).length === 150).toBe(isInReach);
  });
});

describe("storing", () => {
  const refusal = () => new SluiceError({ code: "destination", effect: "skip", message: "It is refused." });

  test("of an outcome that is refused is a failure of it, and the others are stored", async () => {
    const bucket = bucketOf(10);
    const { deps, endings } = await openBatch(bucket);
    let writes = 0;
    const recordOutcomes = async (written: ReadOutcome[]) => {
      writes += 1;
      const isBad = written.some(
        ({ kind, queued: { object } }) => kind === "stored" && object.key === "004.txt",
      );
      if (isBad) throw refusal();
      return deps.store.recordOutcomes(written);
    };
    await readBatch({ ...deps, store: { ...deps.store, recordOutcomes } });
    const { "004.txt": bad, ...others } = endings();
    expect(bad).toBe("failed destination at store");
    expect(Object.values(others)).toEqual(Array(9).fill("stored"));
    expect(writes).toBeLessThanOrEqual(10);
  });

  test("that takes not even a failure ends the reading", async () => {
    const bucket = bucketOf(3);
    const { deps } = await openBatch(bucket);
    const recordOutcomes = () => Promise.reject(refusal());
    const reading = readBatch({ ...deps, store: { ...deps.store, recordOutcomes } });
    await expect(reading).rejects.toMatchObject({ code: "destination" });
  });

  test.each([
    ["lease_lost", "stop"],
    ["internal", "stop"],
    ["internal", "retry"],
  ] as const)(
    "that rejects with %s, effect %s, ends the reading and fails no object",
    async (code, effect) => {
      const bucket = bucketOf(3);
      const { deps, outcomes } = await openBatch(bucket);
      const recordOutcomes = vi.fn(() => Promise.reject(new SluiceError({ code, effect, message: "no" })));
      const reading = readBatch({ ...deps, store: { ...deps.store, recordOutcomes } });
      await expect(reading).rejects.toMatchObject({ code, effect });
      expect(outcomes).toEqual([]);
      expect(recordOutcomes).toHaveBeenCalledTimes(1);
    },
  );
});
