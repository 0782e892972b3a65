import { afterEach, describe, expect, test } from "vitest";
import { LEASE_MS, MADE_DUE_OBJECTS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import type { RunEnding } from "@/lib/db/sql/claims";
import { cancelRun } from "@/lib/sync-runs/cancel-run";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { listConnectionFailures } from "@/lib/sync-runs/list-failures";
import { retryFailures } from "@/lib/use-cases/retry-failures";
import { type ClaimedRun, claimNextRun } from "./claim-run";
import { closeClaimed } from "./close-claimed";
import { CANCELED, SUPERSEDED } from "./run-endings";
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

/** A run under way that has queued very many objects; nine of ten had failed before. */
async function queueMany(): Promise<ClaimedRun> {
  bench = await openSyncBench();
  const { database, connectionId, clock } = bench;
  await storeMany(bench, QUEUED);
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
  return claimed;
}

const QUEUED = MADE_DUE_OBJECTS_MAX * 2 + 100;

type Transaction = SyncBench["database"]["transaction"];

function close(claimed: ClaimedRun, ending: Omit<RunEnding, "completedAt">, transaction: Transaction) {
  const { database, clock } = bench;
  const deps = { database: { ...database, transaction }, now: () => clock.now, random: () => 0.5 };
  return closeClaimed(claimed, deps, { ...ending, completedAt: clock.now });
}

const FAILED_ENDING = { status: "failed", errorCode: "source_auth", error: "The key is not known." } as const;

const outcomes = async () => {
  const found = await bench.database.reading(({ prisma }) =>
    prisma.sourceObject.groupBy({ by: ["outcome"], _count: true, orderBy: { outcome: "asc" } }),
  );
  return found.map(({ outcome, _count }) => [outcome, _count]);
};

const ALL_GIVEN_BACK = [
  ["failed", QUEUED - QUEUED / 10],
  ["queued", QUEUED / 10],
];

test("a run that had queued very many gives all back that failed before, some at a time, and ends then", async () => {
  const claimed = await queueMany();
  const { database } = bench;
  let largest = 0;
  const after: { status: string; failed: number }[] = [];
  const watched: Transaction = async (work) => {
    const done = await database.transaction((tx) => {
      const run: typeof tx.sql.run = async (text, ...bindings) => {
        const result = await tx.sql.run(text, ...bindings);
        largest = Math.max(largest, result.changes);
        return result;
      };
      return work({ ...tx, sql: { ...tx.sql, run } });
    });
    const { status } = await database.reading(({ prisma }) => prisma.syncRun.findFirstOrThrow());
    const failed = await database.reading(({ prisma }) =>
      prisma.sourceObject.count({ where: { outcome: "failed" } }),
    );
    after.push({ status, failed });
    return done;
  };
  expect(await close(claimed, FAILED_ENDING, watched)).toBe(true);
  expect(await outcomes()).toEqual(ALL_GIVEN_BACK);
  expect(largest).toBeLessThanOrEqual(MADE_DUE_OBJECTS_MAX);
  // Whoever asks for a retry when the run has ended finds all of them.
  const ended = after.filter(({ status }) => status === "failed");
  expect(ended).toEqual([{ status: "failed", failed: (QUEUED * 9) / 10 }]);
  expect(after.filter(({ status }) => status === "running").length).toBeGreaterThan(2);
});

describe("a worker that dies while it ends a run leaves one that ends as if nothing had been", () => {
  const CANCELED_ENDING = { status: "canceled", errorCode: "canceled", error: CANCELED.message } as const;
  const SUPERSEDED_ENDING = {
    status: "canceled",
    errorCode: "superseded",
    error: SUPERSEDED.message,
  } as const;
  const askForEnd = (prisma: Tx["prisma"], { errorCode }: { errorCode: string }) => {
    if (errorCode === "canceled") return prisma.syncRun.updateMany({ data: { cancelAskedAt: 1n } });
    if (errorCode === "superseded")
      return prisma.connection.updateMany({ data: { revision: { increment: 1 } } });
    return null;
  };
  const facts = async () => {
    const { status, errorCode, tally, leaseToken } = await bench.database.reading(({ prisma }) =>
      prisma.syncRun.findFirstOrThrow(),
    );
    const { failureStreak } = await bench.database.reading(({ prisma }) =>
      prisma.connection.findFirstOrThrow(),
    );
    return { status, errorCode, tally, leaseToken, failureStreak, outcomes: await outcomes() };
  };

  test.each([
    ["a canceled one, when it has stopped the reading", 1, CANCELED_ENDING],
    ["a failed one, when it has stopped the reading", 1, FAILED_ENDING],
    ["a canceled one, after the first piece", 2, CANCELED_ENDING],
    ["a superseded one, after the first piece", 2, SUPERSEDED_ENDING],
    ["a failed one, after the first piece", 2, FAILED_ENDING],
    ["a canceled one, before the last word", 4, CANCELED_ENDING],
    ["a failed one, before the last word", 4, FAILED_ENDING],
  ])("%s", async (_what, lived, ending) => {
    const undisturbed = await queueMany();
    await bench.database.transaction(async ({ prisma }) => askForEnd(prisma, ending));
    expect(await close(undisturbed, ending, bench.database.transaction)).toBe(true);
    const expected = await facts();
    expect(expected).toMatchObject({ status: ending.status, outcomes: ALL_GIVEN_BACK });
    await bench.remove();

    const claimed = await queueMany();
    const { database, clock, bucket } = bench;
    await database.transaction(async ({ prisma }) => askForEnd(prisma, ending));
    let left = lived;
    const dying: Transaction = (work) =>
      left-- > 0 ? database.transaction(work) : Promise.reject(new Error("killed"));
    await expect(close(claimed, ending, dying)).rejects.toThrow("killed");
    expect(await facts()).toMatchObject({ status: "running" });
    clock.now += LEASE_MS;
    await bench.sync({ isResumed: true });
    expect(await facts()).toEqual(expected);
    expect(bucket.counts).toEqual({ listed: 0, read: 0 });
    // The first worker has lost it for good.
    expect(await close(claimed, ending, database.transaction)).toBe(false);
    expect(await facts()).toEqual(expected);
  });
});
