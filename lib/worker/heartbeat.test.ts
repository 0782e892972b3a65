import os from "node:os";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CLOCKS_APART_MS_MAX, HEARTBEAT_MS, LEASE_MS } from "@/lib/core/limits";
import { claimBatch } from "@/lib/db/sql/read-batches";
import { beat, buryDeadWorkers } from "./heartbeat";
import type { OpenSources } from "./open-sources";
import { PROCESS_SPACE } from "./process-space";
import { benchWorker } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";
import { work } from "./worker";

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

describe("the leases of another worker", () => {
  const gonePid = 2 ** 22 + 1;
  const host = os.hostname();
  test.each([
    { of: "that was here and is gone", processSpace: PROCESS_SPACE, pid: gonePid, end: true },
    {
      of: "that was here with this very process id",
      processSpace: PROCESS_SPACE,
      pid: process.pid,
      end: true,
    },
    { of: "that lives here", processSpace: PROCESS_SPACE, pid: process.ppid, end: false },
    { of: "on another machine of this name", processSpace: "another", pid: gonePid, end: false },
    { of: "in another container of this name", processSpace: "another", pid: process.pid, end: false },
  ])("$of end: $end", async ({ processSpace, pid, end }) => {
    bench = await openSyncBench();
    bench.bucket.put("a.txt", "text");
    const { now } = bench.clock;
    await bench.listOnly();
    await bench.database.transaction(async ({ prisma }) => {
      const row = { id: "other", host, processSpace, pid, startedAt: 1n, seenAt: BigInt(now) };
      await prisma.workerHeartbeat.create({ data: row });
      const leased = { leaseToken: "other:1", leaseUntil: BigInt(now + LEASE_MS) };
      await prisma.syncRun.updateMany({ data: leased });
    });
    const { count } = await bench.database.transaction((tx) => buryDeadWorkers(tx, "bench", now));
    expect(count).toBe(end ? 0 : 1);
    const run = await bench.database.reading(({ prisma }) => prisma.syncRun.findFirstOrThrow());
    expect(Number(run.leaseUntil) < now).toBe(end);
  });
});

describe("a worker among others", () => {
  const start = async (others: { id: string; aheadMs: number }[]) => {
    bench = await openSyncBench();
    const { now } = bench.clock;
    const other = { host: "elsewhere", pid: 1, startedAt: 1n };
    await bench.database.transaction(({ prisma }) =>
      prisma.workerHeartbeat.createMany({
        data: others.map(({ id, aheadMs }) => ({ ...other, id, seenAt: BigInt(now + aheadMs) })),
      }),
    );
    const warned: unknown[] = [];
    const write = (line: string) => void warned.push(JSON.parse(line));
    const worker = benchWorker(bench.database, () => bench.bucket, { now: () => now });
    const shared: number[] = [];
    const sources: OpenSources = {
      ...worker.sources,
      shareRates: (workers) => {
        shared.push(workers);
        worker.sources.shareRates(workers);
      },
    };
    const ending = new AbortController();
    const working = work({ ...worker, sources, log: pino({ level: "warn" }, { write }) }, ending.signal);
    await vi.waitUntil(() => shared.length > 0, { timeout: 5_000 });
    ending.abort(new Error("the test is over"));
    await working;
    return { shared, warned };
  };

  test("shares the rates of stores with those that live, not with those not heard of for long", async () => {
    const others = [
      { id: "lives", aheadMs: -HEARTBEAT_MS },
      { id: "lives too", aheadMs: CLOCKS_APART_MS_MAX },
      { id: "silent", aheadMs: -10 * LEASE_MS },
    ];
    expect(await start(others)).toEqual({ shared: [3], warned: [] });
  });

  test("says of one whose clock is ahead that it is", async () => {
    const aheadMs = CLOCKS_APART_MS_MAX + 1;
    const { warned } = await start([{ id: "ahead", aheadMs }]);
    expect(warned).toMatchObject([{ host: "elsewhere", aheadMs, msg: expect.stringContaining("clock") }]);
  });
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
