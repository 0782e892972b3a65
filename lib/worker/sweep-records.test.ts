import { afterEach, beforeEach, expect, test } from "vitest";
import { RUN_CHANGES_KEPT_MS, RUNS_KEPT_MS } from "@/lib/core/limits";
import { sweepRecords } from "./sweep-records";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  await bench.sync();
});
afterEach(() => bench.remove());

const sweep = (now: number) => bench.database.transaction((tx) => sweepRecords(tx, now));
const counts = () =>
  bench.database.reading(async ({ prisma }) => ({
    runs: await prisma.syncRun.count(),
    changes: await prisma.runChange.count(),
    staged: await prisma.stagedObject.count(),
  }));

test("change rows go before runs, each when its time is over, and the documents stay", async () => {
  const { now } = bench.clock;
  await sweep(now);
  expect(await counts()).toEqual({ runs: 1, changes: 1, staged: 0 });
  await sweep(now + RUN_CHANGES_KEPT_MS + 1_000);
  expect(await counts()).toEqual({ runs: 1, changes: 0, staged: 0 });
  await sweep(now + RUNS_KEPT_MS + 1_000);
  expect(await counts()).toEqual({ runs: 0, changes: 0, staged: 0 });
  expect(await bench.documents()).toHaveLength(1);
});

test("keys that a broken run had put aside go, those of a running one stay", async () => {
  const staged = (runId: string) => ({
    runId,
    key: "a.txt",
    etag: "1",
    sizeBytes: 1n,
    lastModified: 1n,
    storageClass: "STANDARD",
  });
  await bench.database.transaction(async ({ prisma }) => {
    const run = await prisma.syncRun.findFirstOrThrow();
    await prisma.syncRun.create({ data: { ...run, id: "running", status: "running" } });
    await prisma.stagedObject.createMany({ data: [staged(run.id), staged("long gone"), staged("running")] });
  });
  await sweep(bench.clock.now);
  const left = await bench.database.reading(({ prisma }) => prisma.stagedObject.findMany());
  expect(left.map(({ runId }) => runId)).toEqual(["running"]);
});
