import { describe, expect, test, vi } from "vitest";
import { BYTES_OF_CONNECTION, OBJECT_BYTES_MAX, STORE_WAIT_MS } from "@/lib/core/limits";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import type { ReadOutcome } from "./batch-store";
import { openBudget } from "./budget";
import { readBatch } from "./read-batch";
import { HeldMemory, openReadMemory } from "./read-memory";
import { bucketOf, openBatch, TEXT } from "./testing/open-batch";

describe("memory", () => {
  test("no more bytes are fetched and not yet stored than the budget has", async () => {
    const bucket = bucketOf(8, "x".repeat(40));
    const { deps, endings } = await openBatch(bucket);
    const inMemory = new Set<string>();
    let most = 0;
    bucket.beforeRead = ({ key }) => {
      inMemory.add(key);
      most = Math.max(most, inMemory.size);
    };
    const recordOutcomes = async (written: ReadOutcome[]) => {
      for (const { queued: stored } of written) inMemory.delete(stored.object.key);
      return deps.store.recordOutcomes(written);
    };
    const memory = { ...deps.memory, fetched: openBudget(100) };
    await readBatch({ ...deps, memory, store: { ...deps.store, recordOutcomes } });
    expect(Object.values(endings())).toEqual(Array(8).fill("stored"));
    expect(most).toBe(2);
    // Everything was given back.
    expect(await memory.fetched.take(100)).toBe(100);
  });

  test("an object that is larger when it is listed again waits for the rest", async () => {
    const bucket = bucketOf(2, "x".repeat(40));
    const { deps, endings } = await openBatch(bucket);
    const memory = { ...deps.memory, fetched: openBudget(100) };
    let reads = 0;
    let under = 0;
    let mostBytes = 0;
    const source: ObjectSource = {
      listPage: (args) => bucket.listPage(args),
      read: async (args) => {
        reads += 1;
        if (reads === 1) bucket.put("000.txt", "y".repeat(90));
        const result = await bucket.read(args);
        if (result.outcome !== "read") return result;
        under += result.bytes.length;
        mostBytes = Math.max(mostBytes, under);
        return result;
      },
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    const recordOutcomes = async (written: ReadOutcome[]) => {
      for (const { queued: stored } of written) under -= stored.object.sizeBytes;
      return deps.store.recordOutcomes(written);
    };
    await readBatch({ ...deps, source, memory, store: { ...deps.store, recordOutcomes } });
    expect(endings()).toEqual({ "000.txt": "stored", "001.txt": "stored" });
    expect(mostBytes).toBe(90);
    expect(await memory.fetched.take(100)).toBe(100);
  });

  test("a large object is stored at once, since others wait for its memory", async () => {
    const sizeBytes = BYTES_OF_CONNECTION + 1;
    const { deps, endings } = await openBatch(bucketOf(6, "x".repeat(sizeBytes)));
    const memory = { ...deps.memory, fetched: openBudget(sizeBytes) };
    const startedAt = performance.now();
    await readBatch({ ...deps, memory, isFirst: false });
    expect(Object.values(endings())).toEqual(Array(6).fill("stored"));
    expect(performance.now() - startedAt).toBeLessThan(4 * STORE_WAIT_MS);
  });

  test("holds an object of the greatest size for each of two connections, whatever else they keep", async () => {
    const memory = openReadMemory();
    const { signal } = new AbortController();
    for (const connectionId of ["one", "other"]) {
      const [stored, next] = [0, 1].map(() => new HeldMemory(memory.of(connectionId), signal));
      await stored?.holdUnfolding();
      stored?.keepUnfolded(BYTES_OF_CONNECTION);
      await next?.holdFetched(OBJECT_BYTES_MAX);
      await next?.holdUnfolding();
    }
    const small = new HeldMemory(memory.of("third"), signal);
    await small.holdFetched(BYTES_OF_CONNECTION);
  });

  test("what unfolds has a budget of its own", async () => {
    const bucket = bucketOf(6, "x");
    const { deps, endings } = await openBatch(bucket);
    const memory = { ...deps.memory, unfolded: openBudget(100) };
    let unfolding = 0;
    let most = 0;
    const source: ObjectSource = {
      listPage: (args) => bucket.listPage(args),
      read: async (args) => {
        await args.beforeUnfolding?.();
        unfolding += 1;
        most = Math.max(most, unfolding);
        const result = await bucket.read(args);
        unfolding -= 1;
        return result.outcome === "read" ? { ...result, bytes: Buffer.alloc(30) } : result;
      },
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    await readBatch({ ...deps, source, memory });
    expect(Object.values(endings())).toEqual(Array(6).fill("stored"));
    expect(most).toBe(1);
    expect(await memory.unfolded.take(100)).toBe(100);
  });

  test("who waits for room stops with the batch", async () => {
    const bucket = bucketOf(1, "x");
    const { deps } = await openBatch(bucket);
    const memory = { ...deps.memory, fetched: openBudget(10) };
    await memory.fetched.take(10);
    const stopping = new AbortController();
    const reading = readBatch({ ...deps, memory, signal: stopping.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stopping.abort(new Error("the run has ended"));
    await expect(reading).rejects.toThrow("the run has ended");
  });

  test("what has unfolded to little leaves room for others, long before it is stored", async () => {
    const bucket = bucketOf(2, "x");
    const { deps, endings } = await openBatch(bucket);
    const memory = { ...deps.memory, unfolded: openBudget(OBJECT_BYTES_MAX + 30) };
    let reads = 0;
    const source: ObjectSource = {
      listPage: (args) => bucket.listPage(args),
      read: async (args) => {
        await args.beforeUnfolding?.();
        reads += 1;
        return bucket.read(args);
      },
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    const extract = async () => {
      await vi.waitUntil(() => reads === 2, { timeout: 5_000 });
      return TEXT;
    };
    await readBatch({ ...deps, source, memory, extractor: { ...deps.extractor, extract } });
    expect(Object.values(endings())).toEqual(["stored", "stored"]);
  });

  test("an object keeps as much of the room to unfold as it has needed, until it is stored", async () => {
    const memory = {
      fetched: openBudget(100),
      unfolded: openBudget(100),
      texts: openBudget(100),
      unforeseen: openBudget(100),
    };
    const held = new HeldMemory(memory, new AbortController().signal);
    await held.holdFetched(10);
    await held.holdUnfolding();
    await held.holdUnfolding();
    const other = memory.unfolded.take(70);
    held.keepUnfolded(30);
    expect(await other).toBe(70);
    const last = memory.unfolded.take(30);
    held.giveBack();
    expect(await last).toBe(30);
    expect(await memory.fetched.take(100)).toBe(100);
  });
});
