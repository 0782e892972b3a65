import { afterEach, expect, test } from "vitest";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { findClaimedConnection } from "./claimed-connection";
import { openSources } from "./open-sources";
import { pacedSource } from "./testing/paced-source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

async function claimed() {
  const found = await bench.database.reading((tx) => findClaimedConnection(tx, bench.connectionId));
  if (found === null) throw new Error("The connection is gone.");
  return found;
}

/**
 * Milliseconds that so many requests of the connection take, whose store answers at once. `workers` live when its bucket
 * is opened, and `workersSince` then.
 */
async function timeOf(
  requests: number,
  { workers, workersSince }: { workers: number; workersSince: number } = { workers: 1, workersSince: 1 },
): Promise<number> {
  const bucket = new MemorySource();
  const sources = openSources({
    open: (_connection, pace) => pacedSource(() => bucket, pace),
    random: () => 0.5,
  });
  sources.shareRates(workers);
  const opened = sources.acquire(await claimed(), "run");
  sources.shareRates(workersSince);
  const { signal } = new AbortController();
  const startedAt = performance.now();
  for (let request = 0; request < requests; request++) {
    await opened.source.listPage({ prefix: "", startAfter: null, token: null, signal });
  }
  const tookMs = performance.now() - startedAt;
  opened.release();
  sources.close();
  return tookMs;
}

test("requests go out no faster than the connection's rate", async () => {
  bench = await openSyncBench({ requestRateMax: 20 });
  // The first goes at once, and each other 50 ms after the one before it.
  expect(await timeOf(5)).toBeGreaterThan(190);
});

test("a connection without a rate sends them as fast as they are answered", async () => {
  bench = await openSyncBench();
  expect(await timeOf(100)).toBeLessThan(1_000);
});

test.each([
  { workers: 3, workersSince: 3 },
  { workers: 1, workersSince: 3 },
])(
  "three workers that live side by side share it, also of a bucket that was open before: $workers",
  async (living) => {
    bench = await openSyncBench({ requestRateMax: 60 });
    expect(await timeOf(4, living)).toBeGreaterThan(140);
  },
);

test("a worker whose neighbours are gone has the whole rate again", async () => {
  bench = await openSyncBench({ requestRateMax: 60 });
  expect(await timeOf(4, { workers: 100, workersSince: 1 })).toBeLessThan(1_000);
});
