import { afterEach, expect, test, vi } from "vitest";
import { HEARTBEAT_MS, LEASE_MS } from "@/lib/core/limits";
import { claimBatch } from "@/lib/db/sql/read-batches";
import { beat } from "./heartbeat";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const batches = () =>
  bench.database.reading(({ prisma }) => prisma.readBatch.findMany({ orderBy: { position: "asc" } }));

test("a batch that takes longer than its lease stays with the worker that reads it, as long as its heart beats", async () => {
  bench = await openSyncBench();
  for (let at = 0; at < 10; at++) bench.bucket.put(`${at}.txt`, "text");
  const { isHanging, letGo } = hangReads();
  const reading = new Set<string>();
  const running = bench.sync({ reading });
  await vi.waitUntil(isHanging, { timeout: 5_000 });

  const runId = (await batches())[0]?.runId ?? "";
  const claim = () => {
    const { now } = bench.clock;
    return bench.database.transaction((tx) =>
      claimBatch(tx, { runId, leaseToken: "other:1", leaseUntil: now + LEASE_MS, now }),
    );
  };
  const worker = { id: "bench", startedAt: bench.clock.now, reading };
  for (let beats = 0; beats * HEARTBEAT_MS < 2 * LEASE_MS; beats++) {
    bench.clock.now += HEARTBEAT_MS;
    await bench.database.transaction((tx) => beat(tx, worker, bench.clock.now));
    expect(await claim()).toBeNull();
  }
  letGo();
  expect(await running).toMatchObject({ status: "completed", tally: { added: 10 } });
  expect(bench.extracted).toHaveLength(10);
});

test("a heartbeat renews no lease but those of what its worker reads", async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  await bench.listOnly();
  const leaseUntil = BigInt(bench.clock.now + 1);
  await bench.database.transaction(({ prisma }) =>
    prisma.readBatch.updateMany({ data: { leaseToken: "dead:1", leaseUntil } }),
  );
  const worker = { id: "bench", startedAt: bench.clock.now, reading: new Set(["bench:1"]) };
  await bench.database.transaction((tx) => beat(tx, worker, bench.clock.now));
  expect(await batches()).toMatchObject([{ leaseToken: "dead:1", leaseUntil }]);
});

function hangReads() {
  let hanging = 0;
  let letGo = () => {};
  const going = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  bench.bucket.beforeRead = () => {
    hanging += 1;
    return going;
  };
  return { isHanging: () => hanging > 0, letGo };
}
