import { afterEach, expect, test } from "vitest";
import { MemorySource } from "@/lib/source/memory-source";
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

/** So many workers are known to live. */
async function live(count: number): Promise<void> {
  const worker = { host: "elsewhere", pid: 1, startedAt: 1n, seenAt: BigInt(bench.clock.now) };
  await bench.database.transaction(async ({ prisma }) => {
    await prisma.workerHeartbeat.deleteMany();
    for (let at = 0; at < count; at++)
      await prisma.workerHeartbeat.create({ data: { ...worker, id: `w${at}` } });
  });
}

/** Milliseconds that so many requests of the connection take, whose store answers at once. */
async function timeOf(requests: number): Promise<number> {
  const bucket = new MemorySource();
  const sources = openSources({
    open: (_connection, pace) => pacedSource(() => bucket, pace),
    random: () => 0.5,
  });
  const opened = sources.acquire(await claimed(), "run");
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
  await live(1);
  // The first goes at once, and each other 50 ms after the one before it.
  expect(await timeOf(5)).toBeGreaterThan(190);
});

test("a connection without a rate sends them as fast as they are answered", async () => {
  bench = await openSyncBench();
  await live(1);
  expect(await timeOf(100)).toBeLessThan(1_000);
});

test.each([
  [0, 60],
  [1, 60],
  [3, 20],
])("of %i workers that live each may send %i of 60 requests a second", async (workers, rate) => {
  bench = await openSyncBench({ requestRateMax: 60 });
  await live(workers);
  expect((await claimed()).requestRateMax).toBe(rate);
});
