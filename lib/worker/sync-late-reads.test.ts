import { afterEach, describe, expect, test, vi } from "vitest";
import { REMOVALS_HELD_ABOVE } from "@/lib/core/limits";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { nameOf, putMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const OBJECTS = 300;
const READ_LATE = nameOf(5);
/** One more than is removed without asking, and than a quarter of all. */
const GONE = Math.max(REMOVALS_HELD_ABOVE, OBJECTS / 4) + 1;

/**
 * The last page of the first listing is out of order, and `goes` happens before the second one. READ_LATE is queued by
 * the first listing and read when its absence is settled.
 */
function lateReads(
  goes: () => void,
  isSettled: () => Promise<boolean>,
  isFetchedBefore: boolean,
): ObjectSource {
  const { bucket } = bench;
  let isDisordered = false;
  return {
    ...bucket,
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      if (isDisordered || args.token === null || page.nextToken !== null) return page;
      isDisordered = true;
      goes();
      return { ...page, objects: page.objects.toReversed() };
    },
    read: async (args) => {
      if (args.object.key !== READ_LATE) return bucket.read(args);
      const fetched = isFetchedBefore ? await bucket.read(args) : null;
      await vi.waitUntil(isSettled, { timeout: 10_000 });
      return fetched ?? bucket.read(args);
    },
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
}

const findRow = () =>
  bench.database.reading(({ prisma }) => prisma.sourceObject.findFirst({ where: { key: READ_LATE } }));
const isKept = async () => (await findRow())?.isAbsenceKept === true;
const isOnHold = () =>
  bench.database.reading(async ({ prisma }) => (await prisma.hold.count({ where: { status: "open" } })) > 0);
const contentOfLate = async () => (await bench.documents()).find(({ key }) => key === READ_LATE)?.content;

describe.each([
  { what: "is gone by then", isFetchedBefore: false },
  { what: "was fetched before", isFetchedBefore: true },
])("an object that $what, and that a listing which began anew does not contain", ({ isFetchedBefore }) => {
  test("is not read over the document that is kept", async () => {
    bench = await openSyncBench({ deletionPolicy: "keep" });
    putMany(bench, 0, OBJECTS);
    await bench.sync();
    bench.bucket.put(READ_LATE, "another text");
    const source = lateReads(() => bench.bucket.remove(READ_LATE), isKept, isFetchedBefore);
    // That it adds up is demanded of every run.
    expect(await bench.sync({ source })).toMatchObject({
      status: "completed",
      tally: { listed: OBJECTS - 1, unchanged: OBJECTS - 1, updated: 0, skipped: {}, pending: 0 },
    });
    expect(await findRow()).toMatchObject({ outcome: "stored", wantedRun: null, wantedBatch: null });
    expect(await contentOfLate()).toBe("text 5");
    bench.bucket.put(READ_LATE, "text 5");
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: OBJECTS }, getRequests: 0 });
    expect((await bench.documents()).every(({ isStale }) => !isStale)).toBe(true);
  });

  test("waits on hold as one of all that is", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, OBJECTS);
    await bench.sync();
    bench.bucket.put(READ_LATE, "another text");
    const go = () => {
      for (let at = 0; at < GONE; at++) bench.bucket.remove(nameOf(at));
    };
    const source = lateReads(go, isOnHold, isFetchedBefore);
    expect(await bench.sync({ source })).toMatchObject({
      status: "completed",
      tally: { listed: OBJECTS - GONE, unchanged: OBJECTS - GONE, updated: 0, onHold: GONE, pending: 0 },
    });
    expect(await contentOfLate()).toBe("text 5");
  });
});

test("an object that had failed is failed again when a listing that began anew does not contain it", async () => {
  bench = await openSyncBench({ deletionPolicy: "keep" });
  putMany(bench, 0, OBJECTS);
  bench.bucket.put(READ_LATE, "!fail");
  await bench.sync();
  bench.bucket.put(READ_LATE, "mended");
  const source = lateReads(() => bench.bucket.remove(READ_LATE), isKept, false);
  expect(await bench.sync({ source })).toMatchObject({
    tally: { listed: OBJECTS - 1, failed: 0, skipped: {} },
  });
  expect(await findRow()).toMatchObject({ outcome: "failed", reason: "extract_failed", nextTryAt: 0n });
  bench.bucket.put(READ_LATE, "mended");
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: OBJECTS - 1, added: 1 } });
});

test("what was stale of an object is made fresh when its stored version returns", async () => {
  bench = await openSyncBench({ deletionPolicy: "keep" });
  putMany(bench, 0, OBJECTS);
  await bench.sync();
  bench.bucket.put(READ_LATE, "");
  await bench.sync();
  bench.bucket.put(READ_LATE, "another text");
  await bench.sync({ source: lateReads(() => bench.bucket.remove(READ_LATE), isKept, false) });
  expect(await findRow()).toMatchObject({ outcome: "skipped", reason: "vanished" });
  bench.bucket.put(READ_LATE, "text 5");
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: OBJECTS }, getRequests: 0 });
  expect((await bench.documents()).every(({ isStale }) => !isStale)).toBe(true);
});

test("an outcome that is about to be written when the listing is closed is no part of what was listed", async () => {
  bench = await openSyncBench({ deletionPolicy: "keep" });
  putMany(bench, 0, OBJECTS);
  await bench.sync();
  bench.bucket.put(READ_LATE, "another text");
  const { database } = bench;
  const { transaction } = database;
  let isWriting = false;
  // The reader knows by then that the object is queued. It goes on when that is no longer so, or cannot come about.
  const wait = async () => {
    isWriting = true;
    const hasLeft = async () => (await findRow())?.wantedRun === null;
    await vi.waitUntil(hasLeft, { timeout: 1_000 }).catch(() => undefined);
  };
  database.transaction = (work) =>
    transaction((tx) => {
      const run: typeof tx.sql.run = async (text, ...bindings) => {
        const isText = bindings.some((value) => String(value).includes("another text"));
        if (isText && !isWriting) await wait();
        return tx.sql.run(text, ...bindings);
      };
      return work({ ...tx, sql: { ...tx.sql, run } });
    });
  const source = lateReads(
    () => bench.bucket.remove(READ_LATE),
    async () => true,
    true,
  );
  const listPage: ObjectSource["listPage"] = async (args) => {
    if (args.token !== null) await vi.waitUntil(() => isWriting, { timeout: 10_000 });
    return source.listPage(args);
  };
  const run = await bench.sync({ source: { ...source, listPage } });
  expect(run.tally).toMatchObject({ listed: OBJECTS - 1, unchanged: OBJECTS - 1, updated: 0 });
});
