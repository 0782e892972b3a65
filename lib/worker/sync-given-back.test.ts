import { afterEach, expect, test } from "vitest";
import { MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import { cancelRun } from "@/lib/sync-runs/cancel-run";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { listConnectionFailures } from "@/lib/sync-runs/list-failures";
import { retryFailures } from "@/lib/use-cases/retry-failures";
import { claimNextRun } from "./claim-run";
import { closeClaimed } from "./close-claimed";
import { TESTER } from "./testing/bench-worker";
import { nameOf, putMany, storeMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const FAILED = 3;
const KEPT = 10;

/** Some objects fail, and one of them keeps its former text. */
async function failSome(): Promise<void> {
  bench = await openSyncBench();
  putMany(bench, 0, KEPT);
  await bench.sync();
  for (let at = 0; at < FAILED; at++) bench.bucket.put(nameOf(at === 0 ? 0 : KEPT + at), "!fail");
  await bench.sync();
}

const retryAll = () => {
  const { database, connectionId, clock } = bench;
  const input = { connectionId, keys: null };
  return retryFailures({ actor: TESTER, write: database.transaction, input, now: clock.now });
};

/** Reads hang until the run is canceled, which is asked for at the first of them. */
function cancelAtRead(): void {
  const { database, connectionId, clock, bucket } = bench;
  bucket.beforeRead = async ({ signal }) => {
    await database.transaction(async (tx) => {
      const { id } = await tx.prisma.syncRun.findFirstOrThrow({ where: { status: "running" } });
      await cancelRun({ actor: TESTER, tx, input: { id, connectionId }, now: clock.now });
    });
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
}

const listFailures = async () => {
  const { database, connectionId } = bench;
  const page = await database.reading((tx) =>
    listConnectionFailures({ actor: TESTER, tx, input: { connectionId } }),
  );
  return page.failures;
};

test("what a canceled retry has not come to is failed as before, and can be retried", async () => {
  await failSome();
  const before = await listFailures();
  expect(before).toHaveLength(FAILED);
  expect(await retryAll()).toMatchObject({ retried: FAILED });
  cancelAtRead();
  expect(await bench.sync({ isResumed: true })).toMatchObject({ kind: "retry", status: "canceled" });
  bench.bucket.beforeRead = null;
  const facts = ({ key, code, stage, message }: (typeof before)[number]) => ({ key, code, stage, message });
  expect((await listFailures()).map(facts)).toEqual(before.map(facts));

  bench.bucket.put(nameOf(0), "mended");
  expect(await retryAll()).toMatchObject({ retried: FAILED, run: { outcome: "queued" } });
  expect(await bench.sync({ isResumed: true })).toMatchObject({
    kind: "retry",
    status: "completed",
    tally: { listed: FAILED, updated: 1, failed: FAILED - 1 },
  });
  expect(await bench.sync()).toMatchObject({
    tally: { unchanged: KEPT, failed: FAILED - 1 },
    getRequests: 0,
  });
});

test("a sync tries what a canceled one had queued: what failed before and what is new", async () => {
  await failSome();
  putMany(bench, 20, 25);
  await retryAll();
  await bench.database.transaction(({ prisma }) =>
    prisma.syncRun.updateMany({ where: { status: "queued" }, data: { kind: "sync" } }),
  );
  cancelAtRead();
  expect(await bench.sync({ isResumed: true })).toMatchObject({ kind: "sync", status: "canceled" });
  bench.bucket.beforeRead = null;
  const objects = await bench.objects();
  expect(objects[nameOf(0)]).toBe("failed: extract_failed");
  expect(objects[nameOf(20)]).toBe("queued");
  expect(await bench.sync()).toMatchObject({
    status: "completed",
    tally: { listed: KEPT + 7, unchanged: KEPT - 1, added: 5, failed: FAILED },
  });
});

test("a run that had queued very many gives all back that failed before, some in each transaction", async () => {
  const count = MADE_DUE_OBJECTS_MAX * 2 + 100;
  bench = await openSyncBench();
  const { database, connectionId, clock } = bench;
  await storeMany(bench, count);
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
  const claimed = await claimNextRun({ database, workerId: "bench", now: clock.now });
  if (claimed === null) throw new Error("There was no run to claim.");
  await database.transaction(async ({ sql }) => {
    await sql.run(
      `UPDATE object SET outcome = 'queued', wanted_run = ?, wanted_batch = CAST(substr(key, 1, 3) AS INTEGER),
         reason = CASE WHEN key LIKE '%7.txt' THEN NULL ELSE 'extract_failed' END`,
      claimed.lease.runId,
    );
  });
  let largest = 0;
  const failedAfter: number[] = [];
  const transaction: typeof database.transaction = (work) =>
    database.transaction(async (tx) => {
      const run: typeof tx.sql.run = async (text, ...bindings) => {
        const result = await tx.sql.run(text, ...bindings);
        largest = Math.max(largest, result.changes);
        return result;
      };
      const done = await work({ ...tx, sql: { ...tx.sql, run } });
      failedAfter.push(await tx.prisma.sourceObject.count({ where: { outcome: "failed" } }));
      return done;
    });
  const ending = { status: "failed", errorCode: "internal", error: "", completedAt: clock.now } as const;
  const deps = { database: { ...database, transaction }, now: () => clock.now, random: () => 0.5 };
  expect(await closeClaimed(claimed, deps, ending)).toBe(true);
  const left = await database.reading(({ prisma }) =>
    prisma.sourceObject.groupBy({ by: ["outcome"], _count: true, orderBy: { outcome: "asc" } }),
  );
  expect(left.map(({ outcome, _count }) => [outcome, _count])).toEqual([
    ["failed", count - count / 10],
    ["queued", count / 10],
  ]);
  expect(largest).toBeLessThanOrEqual(MADE_DUE_OBJECTS_MAX);
  // Nobody who asks for a retry when the run has ended finds none.
  expect(failedAfter[0]).toBe((MADE_DUE_OBJECTS_MAX * 9) / 10);
});
