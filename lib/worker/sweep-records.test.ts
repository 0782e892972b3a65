import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY_MS } from "@/lib/core/clock";
import { PLAN_KEPT_MS, ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import { jsonText } from "@/lib/db/sql/json-text";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { sweepRecords } from "./sweep-records";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  await bench.sync();
});
afterEach(() => bench.remove());

const KEEP = { changes: 7, runs: 30 };
const { signal } = new AbortController();
const sweep = (now: number) => sweepRecords({ database: bench.database, now, keep: KEEP, signal });
const counts = () =>
  bench.database.reading(async ({ prisma }) => ({
    runs: await prisma.syncRun.count(),
    changes: await prisma.runChange.count(),
    staged: await prisma.stagedObject.count(),
  }));

test("change rows go before runs, each after the days it is kept, and the documents stay", async () => {
  const { now } = bench.clock;
  await sweep(now);
  expect(await counts()).toEqual({ runs: 1, changes: 1, staged: 0 });
  await sweep(now + KEEP.changes * DAY_MS + 1_000);
  expect(await counts()).toEqual({ runs: 1, changes: 0, staged: 0 });
  await sweep(now + KEEP.runs * DAY_MS + 1_000);
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

test("the lines of a plan go when it can no longer be applied, the changes of a sync stay", async () => {
  await bench.sync({ kind: "plan" });
  bench.bucket.put("b.txt", "text");
  const plan = await bench.sync({ kind: "plan" });
  const linesOf = (runId: string) =>
    bench.database.reading(({ prisma }) => prisma.runChange.count({ where: { runId } }));
  expect(await linesOf(plan.id)).toBe(1);
  await sweep(bench.clock.now + PLAN_KEPT_MS + 1_000);
  expect(await linesOf(plan.id)).toBe(0);
  expect((await counts()).changes).toBe(1);
});

test("a plan keeps its lines, however old it is, while a run that applies it goes on", async () => {
  bench.bucket.put("b.txt", "text");
  const plan = await bench.sync({ kind: "plan" });
  const { connectionId, clock, database } = bench;
  const input = {
    connectionId,
    kind: "apply",
    planRunId: plan.id,
    trigger: "manual",
    requestedBy: "test",
  } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
  await sweep(clock.now + PLAN_KEPT_MS + 1_000);
  expect(await bench.sync({ isResumed: true })).toMatchObject({ kind: "apply", tally: { added: 1 } });
  await sweep(clock.now + PLAN_KEPT_MS + 1_000);
  const lines = await database.reading(({ prisma }) => prisma.runChange.count({ where: { runId: plan.id } }));
  expect(lines).toBe(0);
});

test("the changes of a run go in pieces before it does, also where they were to be kept for longer", async () => {
  const lines = ROWS_A_SWEEP_MAX + 100;
  const run = await bench.database.transaction(async ({ prisma, sql }) => {
    const { id } = await prisma.syncRun.findFirstOrThrow();
    await sql.run(
      `INSERT INTO run_change (run_id, key, kind, at) SELECT CAST(? AS TEXT), value, 'removed', 1
       FROM (${sql.dialect.texts()}) AS j`,
      id,
      jsonText(Array.from({ length: lines }, (_, at) => `more/${at}`)),
    );
    return id;
  });
  // A database that would cascade shows no number of rows: nothing may be left for it to take.
  let changesWithRun = -1;
  const { transaction } = bench.database;
  bench.database.transaction = async (work) => {
    const before = await counts();
    const result = await transaction(work);
    if ((await counts()).runs < before.runs) changesWithRun = before.changes;
    return result;
  };
  const now = bench.clock.now + 8 * DAY_MS;
  await sweepRecords({ database: bench.database, now, keep: { changes: 90, runs: 7 }, signal });
  bench.database.transaction = transaction;
  expect(await bench.database.reading(({ prisma }) => prisma.syncRun.count({ where: { id: run } }))).toBe(0);
  expect(changesWithRun).toBe(0);
});

test("keys of decided holds go, those of a hold that waits stay", async () => {
  const hold = { connectionId: bench.connectionId, runId: "run", reason: "many", createdAt: 1n };
  await bench.database.transaction(async ({ prisma }) => {
    await prisma.hold.createMany({
      data: [
        { ...hold, id: "decided", status: "applied" },
        { ...hold, id: "open", status: "open" },
      ],
    });
    await prisma.holdKey.createMany({
      data: ["decided", "open"].map((holdId) => ({ holdId, key: "a.txt" })),
    });
  });
  await sweep(bench.clock.now);
  const left = await bench.database.reading(({ prisma }) => prisma.holdKey.findMany());
  expect(left.map(({ holdId }) => holdId)).toEqual(["open"]);
});
