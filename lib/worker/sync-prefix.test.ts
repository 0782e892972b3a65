import { afterEach, describe, expect, test } from "vitest";
import type { ConnectBucketInput } from "@/lib/connections/schema";
import { embeddedDestination } from "@/lib/destination/embedded";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { settleHold } from "@/lib/use-cases/settle-hold";
import { embeddedQueue } from "./batch-queue";
import { claimNextRun } from "./claim-run";
import { openRunStore } from "./run-store";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

/** Some keys before `b/` and behind it, in key order: `b.txt` is next to its begin, and `b0` is its end. */
const AROUND = ["a/0.txt", "a/1.txt", "b.txt", "b0", "c/0.txt", "c/1.txt"];

/** As a change of the settings writes it. */
const change = (data: object) =>
  bench.database.transaction(({ prisma }) =>
    prisma.connection.update({
      where: { id: bench.connectionId },
      data: { ...data, revision: { increment: 1 } },
    }),
  );
const namesIn = (folder: string, count: number) =>
  Array.from({ length: count }, (_, at) => `${folder}${at}.txt`).sort();
const keys = async () => (await bench.documents()).map(({ key }) => key);
const countKept = () =>
  bench.database.reading(({ prisma }) => prisma.sourceObject.count({ where: { isAbsenceKept: true } }));

/** A bucket that was synced whole, and whose connection is about the folder `b/` since. */
async function narrow(outside: string[], settings: Partial<ConnectBucketInput> = {}) {
  bench = await openSyncBench(settings);
  for (const key of [...namesIn("b/", 20), ...outside]) bench.bucket.put(key, `text of ${key}`);
  await bench.sync();
  await change({ prefix: "b/" });
}

/** Runs twice; the second run ends as the first, reads nothing and touches no document. */
async function syncTwice(tally: object): Promise<void> {
  expect(await bench.sync()).toMatchObject({ status: "completed", tally, getRequests: 0 });
  const documents = await bench.documents();
  const rest = { listed: 20, unchanged: 20, removed: 0 };
  expect(await bench.sync()).toMatchObject({ status: "completed", tally: rest, getRequests: 0 });
  expect(await bench.documents()).toEqual(documents);
}

describe("what lies outside a new prefix, before it and behind its end,", () => {
  test("is removed where it is little, and comes back with the former prefix", async () => {
    await narrow(AROUND);
    bench.bucket.put("a/film.mp4", "moving pictures");
    await change({ prefix: "" });
    await bench.sync();
    await change({ prefix: "b/" });

    await syncTwice({ listed: 20, unchanged: 20, removed: 6, onHold: 0 });
    const inside = namesIn("b/", 20);
    expect(await keys()).toEqual(inside);
    expect(Object.keys(await bench.objects())).toEqual(inside);

    await change({ prefix: "" });
    expect(await bench.sync()).toMatchObject({ tally: { listed: 27, added: 6, unchanged: 20 } });
  });

  test("waits for a person where it is much", async () => {
    await narrow([...namesIn("a/", 20), ...namesIn("c/", 20)]);
    const tally = { listed: 20, unchanged: 20, removed: 0, onHold: 40 };
    await syncTwice(tally);
    expect(await keys()).toHaveLength(60);
    expect(await bench.sync()).toMatchObject({ tally });
    await settleHold({
      actor: TESTER,
      read: bench.database.reading,
      write: bench.database.transaction,
      input: { connectionId: bench.connectionId, decision: "apply" },
      now: bench.clock.now,
    });
    await syncTwice({ listed: 20, unchanged: 20, removed: 40, onHold: 0 });
    expect(await keys()).toHaveLength(20);
  });

  test("stays where documents are kept, also when they no longer are", async () => {
    await narrow(AROUND, { deletionPolicy: "keep" });
    await syncTwice({ listed: 20, unchanged: 20, removed: 0, onHold: 0 });
    expect(await keys()).toHaveLength(26);
    expect(await countKept()).toBe(6);
    await change({ deletionPolicy: "remove" });
    await syncTwice({ listed: 20, unchanged: 20, removed: 0, onHold: 0 });
    expect(await keys()).toHaveLength(26);
  });
});

test.each(["sorted", "unsplit", "unsorted"])(
  "a store that ignores the prefix, and whose listings were taken for %s, has only the keys below it listed",
  async (listingOrder) => {
    bench = await openSyncBench({ prefix: "b/" });
    const inside = namesIn("b/", 20);
    for (const key of [...inside, ...AROUND]) bench.bucket.put(key, `text of ${key}`);
    await change({ listingOrder });
    const source: ObjectSource = {
      listPage: (args) => bench.bucket.listPage({ ...args, prefix: "" }),
      read: (args) => bench.bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    expect(await bench.sync({ source })).toMatchObject({
      status: "completed",
      tally: { listed: 20, added: 20, skipped: {} },
    });
    expect(Object.keys(await bench.objects())).toEqual(inside);
    const found = await bench.database.reading(({ prisma }) => prisma.connection.findFirstOrThrow());
    expect(found.listingOrder).toBe("unsorted");
    expect(await bench.sync({ source })).toMatchObject({ tally: { listed: 20, unchanged: 20, removed: 0 } });
  },
);

test("the end of a listing marks what lies outside its prefix, whatever its windows were about", async () => {
  await narrow(AROUND);
  const { database, connectionId, clock } = bench;
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
  const claimed = await claimNextRun({ database, workerId: "bench", now: clock.now });
  if (claimed === null) throw new Error("There was no run to claim.");
  const store = openRunStore({
    ...claimed,
    database,
    destination: embeddedDestination,
    queue: embeddedQueue(),
    settings: claimed.connection.settings,
    now: () => clock.now,
    signal: new AbortController().signal,
  });
  await store.openRanges([]);
  await store.closeListing("b/");
  const marked = await database.reading(({ prisma }) =>
    prisma.sourceObject.findMany({
      where: { missingSinceRun: claimed.lease.runId },
      orderBy: { key: "asc" },
    }),
  );
  expect(marked.map(({ key }) => key)).toEqual(AROUND);
});
