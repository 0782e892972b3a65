import { afterEach, expect, test } from "vitest";
import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { storeMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const countKept = () =>
  bench.database.reading(({ prisma }) => prisma.sourceObject.count({ where: { isAbsenceKept: true } }));

/** A run whose signal is aborted as soon as a transaction of it has come this far. */
async function stopAfter(isReached: (tx: Tx) => Promise<boolean>): Promise<void> {
  const stopping = new AbortController();
  const { transaction } = bench.database;
  bench.database.transaction = (work) =>
    transaction(async (tx) => {
      const done = await work(tx);
      if (await isReached(tx)) stopping.abort(new Error("the worker stops"));
      return done;
    });
  const run = await bench.sync({ signal: stopping.signal });
  bench.database.transaction = transaction;
  expect(run.status).toBe("running");
}

test("a run that is stopped while it keeps what is absent ends with the piece it is at, and goes on from there", async () => {
  const where = { isAbsenceKept: true };
  bench = await openSyncBench({ documentLimit: 10_000, deletionPolicy: "keep" });
  await storeMany(bench, ABSENT_PIECE_KEYS * 3);
  await stopAfter(async ({ prisma }) => (await prisma.sourceObject.count({ where })) > 0);
  expect(await countKept()).toBe(ABSENT_PIECE_KEYS);
  await bench.sync({ isResumed: true });
  expect(await countKept()).toBe(ABSENT_PIECE_KEYS * 3);
});

test("a run that is stopped while it puts keys on hold ends with the piece it is at, and nothing is on hold", async () => {
  bench = await openSyncBench({ documentLimit: 10_000 });
  await storeMany(bench, ABSENT_PIECE_KEYS * 3);
  await stopAfter(async ({ prisma }) => (await prisma.holdKey.count()) > 0);
  const held = await bench.database.reading(({ prisma }) => prisma.holdKey.count());
  expect(held).toBe(ABSENT_PIECE_KEYS);
  expect(await bench.database.reading(({ prisma }) => prisma.hold.count({ where: { status: "open" } }))).toBe(
    0,
  );
  expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { onHold: ABSENT_PIECE_KEYS * 3 } });
});
