import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { ABSENT_PIECE_KEYS, LEASE_MS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import type { HoldDecision } from "@/lib/holds/decide-hold";
import { settleHold } from "@/lib/use-cases/settle-hold";
import { TESTER } from "./testing/bench-worker";
import { nameOf, storeMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const put = (from: number, to: number) => {
  for (let at = from; at < to; at++) bench.bucket.put(nameOf(at), `text ${at}`);
};
const take = (from: number, to: number) => {
  for (let at = from; at < to; at++) bench.bucket.remove(nameOf(at));
};
const settle = (decision: HoldDecision, runId?: string) =>
  settleHold({
    actor: TESTER,
    read: bench.database.reading,
    write: bench.database.transaction,
    input: { connectionId: bench.connectionId, decision, ...(runId === undefined ? {} : { runId }) },
    now: bench.clock.now,
  });
const read = <T>(work: (tx: Tx) => Promise<T>) => bench.database.reading(work);
const holds = (status: string) => read(({ prisma }) => prisma.hold.findMany({ where: { status } }));
const countKept = () => read(({ prisma }) => prisma.sourceObject.count({ where: { isAbsenceKept: true } }));

/** True in what `before` of `beforeWrites` does itself. */
const inside = new AsyncLocalStorage<true>();

/**
 * Calls `before` ahead of every write of the worker, one after the other, until it throws, which is that write's error.
 * What `before` writes itself is left alone.
 */
function beforeWrites(before: () => Promise<unknown>): () => void {
  const { transaction } = bench.database;
  let last: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const ahead = async () => {
    if (isOver) return;
    isOver = true;
    await inside.run(true, before);
    isOver = false;
  };
  const replaced: Database["transaction"] = async (work) => {
    if (inside.getStore() === undefined) {
      const turn = last.then(ahead);
      last = turn.catch(() => {});
      await turn;
    }
    return transaction(work);
  };
  bench.database.transaction = replaced;
  return () => {
    bench.database.transaction = transaction;
  };
}

describe("a decision on removals", () => {
  test("is refused when a later run has listed others since, and taken for the list that is there now", async () => {
    bench = await openSyncBench();
    put(0, 80);
    await bench.sync();
    take(0, 40);
    const shown = await bench.sync();
    take(40, 60);
    const later = await bench.sync();
    for (const decision of ["apply", "dismiss"] as const) {
      await expect(settle(decision, shown.id)).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("has changed"),
      });
    }
    expect(await countKept()).toBe(0);
    expect(await settle("apply", later.id)).toMatchObject({ keyCount: 60, run: { outcome: "queued" } });
    await expect(settle("apply", later.id)).rejects.toMatchObject({ code: "conflict" });
  });

  test("that names no list is about the one that waits", async () => {
    bench = await openSyncBench();
    put(0, 40);
    await bench.sync();
    take(0, 30);
    await bench.sync();
    await bench.sync();
    expect(await settle("dismiss")).toEqual({ keyCount: 30, run: null });
    await expect(settle("dismiss")).rejects.toMatchObject({ code: "conflict" });
  });

  test("meets a whole list while a run puts the next one together", async () => {
    bench = await openSyncBench();
    put(0, 40);
    await bench.sync();
    take(0, 30);
    const shown = await bench.sync();
    const seen = new Set<string>();
    const stop = beforeWrites(async () => {
      const open = await read(({ prisma }) =>
        prisma.hold.findMany({ where: { status: "open" }, include: { _count: { select: { keys: true } } } }),
      );
      for (const { runId, _count } of open) seen.add(`${runId} ${_count.keys}`);
    });
    take(30, 35);
    const later = await bench.sync();
    stop();
    expect([...seen].filter((list) => list.startsWith(shown.id))).toEqual([`${shown.id} 30`]);
    expect([...seen].filter((list) => list.startsWith(later.id))).toEqual([`${later.id} 35`]);
    expect(await holds("open")).toHaveLength(1);
  });

  test("that comes while a run puts the next list together is the one that counts", async () => {
    bench = await openSyncBench();
    put(0, 40);
    await bench.sync();
    take(0, 30);
    await bench.sync();
    take(30, 35);
    let isDecided = false;
    const stop = beforeWrites(async () => {
      if (isDecided || (await holds("gathering")).length === 0) return;
      isDecided = true;
      await settle("dismiss");
    });
    await bench.sync();
    stop();
    expect(isDecided).toBe(true);
    expect(await holds("open")).toEqual([]);
    expect(await countKept()).toBe(30);
    // What was not on the list that was dismissed is few enough to go without a question.
    expect(await bench.sync()).toMatchObject({ tally: { removed: 5, onHold: 0 } });
    expect(await bench.documents()).toHaveLength(35);
  });
});

test("when a person has approved one list and many more objects go, those are put on hold, too", async () => {
  bench = await openSyncBench();
  put(0, 120);
  await bench.sync();
  take(0, 40);
  await bench.sync();
  await settle("apply");
  take(40, 80);
  expect(await bench.sync()).toMatchObject({ tally: { removed: 40, onHold: 40 } });
  expect(await holds("open")).toHaveLength(1);
  expect(await holds("approved")).toEqual([]);
});

test("while a plan that removes them is applied, there is nothing left to dismiss", async () => {
  bench = await openSyncBench();
  put(0, 80);
  await bench.sync();
  take(0, 60);
  expect(await bench.sync()).toMatchObject({ tally: { onHold: 60 } });
  const plan = await bench.sync({ kind: "plan" });
  const answers: unknown[] = [];
  bench.bucket.beforePage = async ({ startAfter }) => {
    // The page that proves the keys anew.
    if (startAfter !== null) answers.push(await settle("dismiss").catch((thrown) => thrown));
  };
  expect(await bench.sync({ kind: "apply", planRunId: plan.id })).toMatchObject({ tally: { removed: 60 } });
  bench.bucket.beforePage = null;
  expect(answers).not.toEqual([]);
  for (const answer of answers) expect(answer).toMatchObject({ code: "conflict" });
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: 20, removed: 0, onHold: 0 } });
});

test("what a person applies while a plan of other changes is applied, the next sync removes", async () => {
  bench = await openSyncBench();
  put(0, 80);
  await bench.sync();
  put(80, 81);
  const plan = await bench.sync({ kind: "plan" });
  take(0, 60);
  expect(await bench.sync()).toMatchObject({ tally: { added: 1, onHold: 60 } });
  bench.bucket.beforePage = async () => {
    bench.bucket.beforePage = null;
    await settle("apply");
  };
  expect(await bench.sync({ kind: "apply", planRunId: plan.id })).toMatchObject({ tally: { removed: 0 } });
  expect(await holds("approved")).toHaveLength(1);
  expect(await bench.sync()).toMatchObject({ tally: { removed: 60, onHold: 0 } });
  expect(await holds("approved")).toEqual([]);
});

describe("dismissing more than one transaction marks", () => {
  const COUNT = ABSENT_PIECE_KEYS * 2 + 100;
  const open = async () => {
    bench = await openSyncBench({ documentLimit: 10_000 });
    await storeMany(bench, COUNT);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 0, onHold: COUNT } });
  };

  test("is decided at once, and the next run begins with the rest, after a crash as well", async () => {
    await open();
    expect(await settle("dismiss")).toEqual({ keyCount: COUNT, run: null });
    expect(await countKept()).toBe(ABSENT_PIECE_KEYS);
    expect(await holds("open")).toEqual([]);
    const away = { code: "internal", effect: "retry", message: "the database is away" } as const;
    const stop = beforeWrites(async () => {
      if ((await countKept()) > ABSENT_PIECE_KEYS) throw new SluiceError(away);
    });
    expect(await bench.sync()).toMatchObject({ status: "running" });
    stop();
    expect(await countKept()).toBe(ABSENT_PIECE_KEYS * 2);
    bench.clock.now += LEASE_MS + 1;
    expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { removed: 0, onHold: 0 } });
    expect(await countKept()).toBe(COUNT);
    expect(await holds("dismissed")).toHaveLength(1);
    expect(await read(({ prisma }) => prisma.holdKey.count())).toBe(0);
    expect(await bench.documents()).toHaveLength(COUNT);
  });

  test("protects all of them from a run that is under way", async () => {
    await open();
    // Enough of them are back that the run would remove the rest without a question.
    for (let at = 0; at < COUNT - 20; at++) bench.bucket.put(nameOf(at), "text");
    let isDecided = false;
    const stop = beforeWrites(async () => {
      const listed = await read(({ prisma }) =>
        prisma.syncRun.count({ where: { status: "running", listedAt: { not: null } } }),
      );
      if (listed === 0 || isDecided) return;
      isDecided = true;
      await settle("dismiss");
    });
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { removed: 0 } });
    stop();
    expect(isDecided).toBe(true);
    expect(await bench.documents()).toHaveLength(COUNT);
  });
});
