import { afterEach, expect, test, vi } from "vitest";
import type { Tx } from "@/lib/db/database";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { nameOf, putMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const changeOf = (key: string) =>
  bench.database.reading(({ prisma }) => prisma.runChange.count({ where: { key } }));

test("what a listing that began anew no longer contains is accounted for as absent, not as what it was read as", async () => {
  bench = await openSyncBench();
  putMany(bench, 0, 300);
  const { bucket } = bench;
  let isDisordered = false;
  const source: ObjectSource = {
    ...bucket,
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      if (isDisordered || args.token === null || page.nextToken !== null) return page;
      isDisordered = true;
      // By then two of the first page's objects are read: one is gone, and one goes after it was stored.
      await vi.waitUntil(async () => (await changeOf(nameOf(5))) + (await changeOf(nameOf(6))) === 2, {
        timeout: 5_000,
      });
      bucket.remove(nameOf(6));
      return { ...page, objects: page.objects.toReversed() };
    },
    read: async (args) => {
      if (args.object.key === nameOf(5)) bucket.remove(nameOf(5));
      return bucket.read(args);
    },
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
  // That it adds up is demanded of every run.
  expect(await bench.sync({ source })).toMatchObject({
    status: "completed",
    tally: { listed: 298, added: 298, skipped: {}, removed: 1, pending: 0 },
  });
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: 298, removed: 0 }, getRequests: 0 });
});

test("what was queued before a listing began anew is not queued again, and is read once", async () => {
  bench = await openSyncBench();
  putMany(bench, 0, 300);
  const { bucket, database } = bench;
  const isListed = () =>
    database.reading(async ({ prisma }) => (await prisma.syncRun.findFirst())?.listedAt != null);
  let isDisordered = false;
  const source: ObjectSource = {
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      if (isDisordered || args.token === null || page.nextToken !== null) return page;
      isDisordered = true;
      return { ...page, objects: page.objects.toReversed() };
    },
    read: (args) => bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
  // Nothing is read before the second listing has come to its end.
  let listed: Promise<void> | null = null;
  let emptyBatches: number | null = null;
  bucket.beforeRead = () => {
    listed ??= vi.waitUntil(isListed, { timeout: 10_000 }).then(async () => {
      emptyBatches = await database.reading(countEmptyBatches);
    });
    return listed;
  };
  expect(await bench.sync({ source })).toMatchObject({
    status: "completed",
    tally: { listed: 300, added: 300, pending: 0 },
    getRequests: 300,
  });
  expect(emptyBatches).toBe(0);
});

/** Batches for which no object waits. */
async function countEmptyBatches({ prisma }: Tx): Promise<number> {
  const objects = await prisma.sourceObject.findMany({ where: { outcome: "queued" } });
  const waitedFor = new Set(objects.map(({ wantedBatch }) => wantedBatch));
  return prisma.readBatch.count({ where: { position: { notIn: [...waitedFor].map(Number) } } });
}

test("a bucket that one walker has listed to its end is not listed again by the worker that goes on", async () => {
  bench = await openSyncBench();
  putMany(bench, 0, 300);
  await bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { listingOrder: "unsplit" } }),
  );
  await bench.listOnly();
  const listed = bench.bucket.counts.listed;
  expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { listed: 300, added: 300 } });
  expect(bench.bucket.counts.listed).toBe(listed);
});
