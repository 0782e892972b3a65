import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ABSENT_PIECE_KEYS, ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { jsonText } from "@/lib/db/sql/json-text";
import type { SqlSession } from "@/lib/db/sql-session";
import { embeddedDestination } from "@/lib/destination/embedded";
import type { RunStore } from "@/lib/sync/run-store";
import { embeddedQueue } from "./batch-queue";
import { findClaimedConnection } from "./claimed-connection";
import { openRunStore } from "./run-store";
import { nameOf, storeMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const MARKED = ABSENT_PIECE_KEYS * 2 + 100;
const LINES = ROWS_A_SWEEP_MAX * 2 + 100;

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  await storeMany(bench, MARKED);
});
afterEach(() => bench.remove());

async function openStore(database: Database = bench.database): Promise<RunStore> {
  const { connectionId, clock } = bench;
  const claimed = await bench.database.reading((tx) => findClaimedConnection(tx, connectionId));
  if (claimed === null) throw new Error("The connection is gone.");
  return openRunStore({
    database,
    destination: embeddedDestination,
    queue: embeddedQueue(),
    lease: { runId: "run", connectionId, leaseToken: "token" },
    kind: "plan",
    settings: claimed.settings,
    planRunId: null,
    now: () => clock.now,
    signal: new AbortController().signal,
  });
}

/** A plan that has walked one of its two ranges, and found that nothing is there any more. */
async function walkHalf(): Promise<void> {
  const { database, connectionId } = bench;
  const facts = { revision: 1, kind: "plan", trigger: "manual", requestedBy: "test", queuedAt: 1n };
  await database.transaction(async ({ prisma }) => {
    await prisma.syncRun.deleteMany();
    const claim = { status: "running", leaseToken: "token" };
    await prisma.syncRun.create({ data: { ...facts, ...claim, id: "run", connectionId } });
  });
  await (await openStore()).openRanges([nameOf(300)]);
  await database.transaction(async ({ prisma, sql }) => {
    const data = { cursorKey: nameOf(300), status: "closed" };
    await prisma.listingRange.updateMany({ where: { position: 0 }, data });
    await prisma.sourceObject.updateMany({ data: { missingSinceRun: "run", missingSince: 1n } });
    await sql.run(
      `INSERT INTO run_change (run_id, key, kind, at)
       SELECT 'run', value, 'removed', 1 FROM (${sql.dialect.texts()}) AS j`,
      jsonText(Array.from({ length: LINES }, (_, at) => nameOf(at))),
    );
  });
}

const ENDED = "the process has ended";

/** The database of a process that ends after so many transactions, and the most rows that one of its statements wrote. */
function mortal(transactions: number): { database: Database; largest: () => number } {
  let left = transactions;
  let largest = 0;
  const transaction: Database["transaction"] = (work) => {
    if (left === 0) return Promise.reject(new Error(ENDED));
    left -= 1;
    return bench.database.transaction((tx) => {
      const run: SqlSession["run"] = async (text, ...bindings) => {
        const result = await tx.sql.run(text, ...bindings);
        largest = Math.max(largest, result.changes);
        return result;
      };
      return work({ ...tx, sql: { ...tx.sql, run } });
    });
  };
  return { database: { ...bench.database, transaction }, largest: () => largest };
}

async function restart(database: Database): Promise<"done" | "cut"> {
  const store = await openStore(database);
  try {
    await store.restartListing();
    await store.openRanges([]);
    return "done";
  } catch (thrown) {
    if (thrown instanceof Error && thrown.message === ENDED) return "cut";
    throw thrown;
  }
}

const state = () =>
  bench.database.reading(async ({ prisma }) => ({
    ranges: await prisma.listingRange.count(),
    marks: await prisma.sourceObject.count({ where: { missingSinceRun: { not: null } } }),
    lines: await prisma.runChange.count(),
  }));

describe("a listing that is abandoned", () => {
  test("lends nothing to the next one, wherever its worker ends", async () => {
    let transactions = 0;
    for (let ended = "cut"; ended === "cut"; transactions++) {
      if (transactions > 50) throw new Error("Beginning anew never came to its end.");
      await walkHalf();
      ended = await restart(mortal(transactions).database);
      const left = await state();
      // Either it is not abandoned yet, and all of it counts; or there is no cursor to go on from, as long as a mark is left.
      if (transactions === 0) expect(left).toEqual({ ranges: 2, marks: MARKED, lines: LINES });
      else if (left.ranges > 0) expect(left).toEqual({ ranges: 1, marks: 0, lines: 0 });

      const ranges = await (await openStore()).openRanges([]);
      if (transactions === 0) continue;
      expect(ranges).toMatchObject([{ cursorKey: null, isClosed: false, listed: 0 }]);
      expect(await state()).toEqual({ ranges: 1, marks: 0, lines: 0 });
    }
    const pieces = Math.ceil(MARKED / ABSENT_PIECE_KEYS) + Math.ceil(LINES / ROWS_A_SWEEP_MAX);
    expect(transactions - 1).toBe(pieces + 2);
  });

  test("is taken back in transactions that are short", async () => {
    await walkHalf();
    const { database, largest } = mortal(Number.POSITIVE_INFINITY);
    expect(await restart(database)).toBe("done");
    expect(largest()).toBeLessThanOrEqual(Math.max(ABSENT_PIECE_KEYS, ROWS_A_SWEEP_MAX));
  });
});
