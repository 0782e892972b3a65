import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { ABSENT_PIECE_KEYS, LEASE_MS, LIST_PAGE_KEYS_MAX, WINDOW_PART_KEYS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import type { SqlSession } from "@/lib/db/sql-session";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { settleHold } from "@/lib/use-cases/settle-hold";
import { TESTER } from "./testing/bench-worker";
import { nameOf, storeMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

/** What one transaction is about at most, and more than twice of that. */
const KEYS_MAX = Math.max(ABSENT_PIECE_KEYS, WINDOW_PART_KEYS.max);
const COUNT = KEYS_MAX * 4 + 100;

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ documentLimit: 10_000, containerTags: ["one"] });
  await storeMany(bench, COUNT);
});
afterEach(() => bench.remove());

const change = (data: object) =>
  bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { ...data, revision: { increment: 1 } } }),
  );
/** The most rows that one statement changed while `work` went on. */
async function largestWrite(work: () => Promise<unknown>): Promise<number> {
  let largest = 0;
  const { transaction } = bench.database;
  const measured: Database["transaction"] = (writing) =>
    transaction((tx) => {
      const run: SqlSession["run"] = async (text, ...bindings) => {
        const result = await tx.sql.run(text, ...bindings);
        largest = Math.max(largest, result.changes);
        return result;
      };
      return writing({ ...tx, sql: { ...tx.sql, run } });
    });
  bench.database.transaction = measured;
  await work();
  bench.database.transaction = transaction;
  return largest;
}

const settle = (decision: "apply" | "dismiss") =>
  settleHold({
    actor: TESTER,
    read: bench.database.reading,
    write: bench.database.transaction,
    input: { connectionId: bench.connectionId, decision },
    now: bench.clock.now,
  });

describe("no transaction is about more keys than a piece when very many objects are gone", () => {
  test("and they are put on hold, put on hold again, and dismissed", async () => {
    const largest = await largestWrite(async () => {
      await bench.sync();
      await bench.sync();
      await settle("dismiss");
      expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 0 } });
    });
    expect(largest).toBeLessThanOrEqual(KEYS_MAX);
    expect(await bench.documents()).toHaveLength(COUNT);
  });

  test("and a plan writes them down, those outside the prefix as well", async () => {
    await change({ prefix: "elsewhere/" });
    bench.bucket.put("elsewhere/a.txt", "text");
    const largest = await largestWrite(async () => {
      const plan = await bench.sync({ kind: "plan" });
      expect(plan).toMatchObject({ tally: { listed: 1, added: 1, removed: 0, onHold: COUNT } });
    });
    expect(largest).toBeLessThanOrEqual(KEYS_MAX);
  });

  test("and a plan is applied that does not list them", async () => {
    for (let at = 0; at < COUNT; at++) bench.bucket.put(nameOf(at), "text");
    const plan = await bench.sync({ kind: "plan" });
    await change({ prefix: "elsewhere/" });
    await bench.database.transaction(({ prisma }) => prisma.syncRun.updateMany({ data: { revision: 2 } }));
    const largest = await largestWrite(async () => {
      const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
      expect(applied).toMatchObject({ tally: { removed: 0, onHold: 0 } });
    });
    expect(largest).toBeLessThanOrEqual(KEYS_MAX);
    expect(await bench.documents()).toHaveLength(COUNT);
  });
});

describe("no transaction is about more than twice as many keys as the first when all of a page", () => {
  const source = new MemorySource({ pageKeys: LIST_PAGE_KEYS_MAX });
  for (let at = 0; at < LIST_PAGE_KEYS_MAX; at++) source.put(nameOf(at), "text");
  beforeEach(() =>
    bench.database.transaction(async ({ prisma }) => {
      await prisma.sourceObject.deleteMany();
      await prisma.document.deleteMany();
    }),
  );

  test("is new, and then has other tags", async () => {
    const first = await largestWrite(async () => {
      expect(await bench.sync({ source })).toMatchObject({ tally: { added: LIST_PAGE_KEYS_MAX } });
    });
    expect(first).toBeLessThanOrEqual(WINDOW_PART_KEYS.start * 2);
    await bench.database.transaction(({ prisma }) =>
      prisma.connectionTag.updateMany({ data: { tag: "two" } }),
    );
    await change({});
    const second = await largestWrite(async () => {
      expect(await bench.sync({ source })).toMatchObject({ tally: { retagged: LIST_PAGE_KEYS_MAX } });
    });
    expect(second).toBeLessThanOrEqual(WINDOW_PART_KEYS.start * 2);
  });
});

test("a plan that is cut while it says what would wait for a person says it of all when it goes on", async () => {
  // What is left after the cut would be too little to wait for a person.
  bench.bucket.put("present.txt", "text");
  const { transaction } = bench.database;
  const countOnHold = () =>
    bench.database.reading(({ prisma }) => prisma.runChange.count({ where: { kind: "on_hold" } }));
  bench.database.transaction = async (work) => {
    if ((await countOnHold()) > COUNT - ABSENT_PIECE_KEYS) {
      bench.database.transaction = transaction;
      throw new SluiceError({ code: "internal", effect: "retry", message: "the database is away" });
    }
    return transaction(work);
  };
  expect(await bench.sync({ kind: "plan" })).toMatchObject({ status: "running" });
  expect(await countOnHold()).toBe(COUNT - (COUNT % ABSENT_PIECE_KEYS));
  bench.clock.now += LEASE_MS + 1;
  expect(await bench.sync({ isResumed: true })).toMatchObject({
    status: "completed",
    tally: { removed: 0, onHold: COUNT },
  });
});
