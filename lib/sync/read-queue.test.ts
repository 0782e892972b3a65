import { describe, expect, test } from "vitest";
import { MemorySource } from "@/lib/source/memory-source";
import type { QueuedObject, ReadOutcome, RunStore } from "./manifest";
import { openReadQueue, type ReadQueueDeps } from "./read-queue";

const queued = (key: string): QueuedObject => ({
  object: { key, etag: "", sizeBytes: 1, lastModified: 0, storageClass: "STANDARD" },
  tags: "",
  documentId: key,
  hasStoredVersion: false,
  attempts: 0,
});

/** A queue over a list of keys, none of which is in the bucket: each ends as vanished. */
function openBench(keys: string[], more: Partial<ReadQueueDeps> = {}) {
  const recorded: ReadOutcome[] = [];
  const left = new Set(keys);
  const store = {
    nextToRead: async (afterKey: string, countMax: number) =>
      [...left]
        .filter((key) => key > afterKey)
        .slice(0, countMax)
        .map(queued),
    recordOutcomes: async (outcomes: ReadOutcome[]) => {
      recorded.push(...outcomes);
      for (const outcome of outcomes) left.delete(outcome.queued.object.key);
    },
  } satisfies Partial<RunStore>;
  const stops: unknown[] = [];
  const queue = openReadQueue({
    source: new MemorySource(),
    extractor: { extract: async () => ({ outcome: "empty" }), close: async () => {} },
    store: store as unknown as RunStore,
    prefix: "",
    now: () => 0,
    random: () => 0,
    signal: new AbortController().signal,
    onStop: (thrown) => stops.push(thrown),
    ...more,
  });
  return { queue, recorded, left, stops, store };
}

const keys = Array.from({ length: 450 }, (_, at) => `key ${1_000 + at}`);

describe("the read queue", () => {
  test("reads everything once, however often it is woken", async () => {
    const bench = openBench(keys);
    bench.queue.wake();
    bench.queue.wake();
    await bench.queue.drained();
    expect(bench.recorded.map(({ queued: { object } }) => object.key).sort()).toEqual(keys);
    await bench.queue.drained();
    await bench.queue.close();
    expect(bench.recorded).toHaveLength(keys.length);
  });

  test("ends when the store cannot say what is next", async () => {
    const broken = new Error("the database is gone");
    const bench = openBench([]);
    bench.store.nextToRead = () => Promise.reject(broken);
    await expect(bench.queue.drained()).rejects.toBe(broken);
    expect(bench.stops).toEqual([broken]);
    await bench.queue.close();
  });

  test("ends when its signal is aborted, also before it began", async () => {
    const aborting = new AbortController();
    aborting.abort(new Error("stop"));
    const bench = openBench(keys, { signal: aborting.signal });
    bench.queue.wake();
    await expect(bench.queue.drained()).rejects.toThrow("stop");
    await bench.queue.close();
  });

  test("may be woken after its end, and reads nothing more", async () => {
    const bench = openBench(keys);
    await bench.queue.close();
    bench.queue.wake();
    await bench.queue.close();
    expect(bench.recorded).toEqual([]);
  });

  test("ends when outcomes cannot be recorded, with that error", async () => {
    const full = new Error("the disk is full");
    const bench = openBench(keys);
    bench.store.recordOutcomes = () => Promise.reject(full);
    await expect(bench.queue.drained()).rejects.toBe(full);
    await bench.queue.close();
  });
});
