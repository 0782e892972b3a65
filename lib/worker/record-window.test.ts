import { expect, test } from "vitest";
import { LIST_PAGE_KEYS_MAX, WINDOW_PART_KEYS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import type { SqlSession } from "@/lib/db/sql-session";
import { embeddedDestination } from "@/lib/destination/embedded";
import type { ListedObject } from "@/lib/source/source";
import { openComparison } from "@/lib/sync/compare-windows";
import { compileScope } from "@/lib/sync/scope";
import { openStageClock } from "@/lib/sync/stages";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { embeddedQueue } from "./batch-queue";
import { claimNextRun } from "./claim-run";
import { openRunStore } from "./run-store";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

/** The same database, which counts the statements that go through `sql`. */
function counted(database: Database): { database: Database; count: () => number } {
  let statements = 0;
  const counting = <T>(work: () => Promise<T>) => {
    statements += 1;
    return work();
  };
  const sessionOf = (sql: SqlSession): SqlSession => ({
    dialect: sql.dialect,
    all: (text, ...bindings) => counting(() => sql.all(text, ...bindings)),
    get: (text, ...bindings) => counting(() => sql.get(text, ...bindings)),
    run: (text, ...bindings) => counting(() => sql.run(text, ...bindings)),
  });
  const txOf = (tx: Tx): Tx => ({ prisma: tx.prisma, sql: sessionOf(tx.sql) });
  return {
    count: () => statements,
    database: {
      transaction: (work) => database.transaction((tx) => work(txOf(tx))),
      reading: (work) => database.reading((tx) => work(txOf(tx))),
      close: () => database.close(),
    },
  };
}

const listed = (at: number, ending: string): ListedObject => ({
  key: `${String(at).padStart(5, "0")}.${ending}`,
  etag: `e${at}`,
  sizeBytes: 5,
  lastModified: 1,
  storageClass: "STANDARD",
});

/** What a window of so many keys costs, half of them new and half skipped; and one in which all are gone. */
async function statementsOf(keys: number): Promise<{ found: number; gone: number }> {
  const bench = await openSyncBench({ documentLimit: 2_000 });
  try {
    return await takeTwice(bench, keys);
  } finally {
    await bench.remove();
  }
}

async function takeTwice(bench: SyncBench, keys: number): Promise<{ found: number; gone: number }> {
  const { database, count } = counted(bench.database);
  const input = { connectionId: bench.connectionId, trigger: "manual", requestedBy: "test" } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: 1 }));
  const claimed = await claimNextRun({ database, workerId: "bench", now: 1 });
  if (claimed === null) throw new Error("There was no run to claim.");
  const { lease, kind, planRunId, connection } = claimed;
  const { settings } = connection;
  const store = openRunStore({
    database,
    destination: embeddedDestination,
    queue: embeddedQueue(),
    lease,
    kind,
    settings,
    planRunId,
    now: () => 1,
    signal: new AbortController().signal,
  });
  const [range] = await store.openRanges([]);
  if (range === undefined) throw new Error("There is no range.");
  const facts = { scope: compileScope(settings), canReadNow: () => false, isReread: false };
  const comparison = openComparison(
    { store, stages: openStageClock(), now: () => 1 },
    {
      facts,
      mode: "sync",
      countPlaces: async () => ({ free: 2_000 }),
      parkedMax: 0,
      signal: new AbortController().signal,
    },
  );
  const objects = Array.from({ length: keys }, (_, at) => listed(at, at % 2 === 0 ? "txt" : "png"));
  const take = async (window: ListedObject[]) => {
    const before = count();
    await comparison.take({ range, afterKey: "", untilKey: null, objects: window, isLeading: true });
    return count() - before;
  };
  const found = await take(objects);
  return { found, gone: await take([]) };
}

test("a part of a window costs the same number of statements, however many keys it has", async () => {
  const ofTen = await statementsOf(10);
  expect(ofTen.found).toBeGreaterThan(3);
  expect(await statementsOf(WINDOW_PART_KEYS.start - 1)).toEqual(ofTen);
  const ofPage = await statementsOf(LIST_PAGE_KEYS_MAX);
  const parts = LIST_PAGE_KEYS_MAX / WINDOW_PART_KEYS.start;
  expect(ofPage.found).toBeLessThanOrEqual(ofTen.found * parts);
  // Behind rows that fill the last part there may be more.
  expect(ofPage.gone).toBeLessThanOrEqual(ofTen.gone * (parts + 1));
});
