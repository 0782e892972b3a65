import { afterEach, expect, test } from "vitest";
import { ABSENCE_MARK_FRESH_MS } from "@/lib/core/limits";
import { nameOf, putMany } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

test("of a store that lists out of order, what came back behind a long walk keeps its document", async () => {
  bench = await openSyncBench();
  const { bucket, clock, database } = bench;
  putMany(bench, 0, 150);
  await bench.sync();
  await database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { listingOrder: "unsorted" } }),
  );
  bucket.remove(nameOf(2));
  bucket.remove(nameOf(3));
  bucket.beforePage = ({ token }) => {
    if (token === null) return;
    bucket.beforePage = null;
    clock.now += ABSENCE_MARK_FRESH_MS + 60_000;
    bucket.put(nameOf(2), "text 2");
  };
  expect(await bench.sync()).toMatchObject({
    status: "completed",
    tally: { listed: 148, unchanged: 148, removed: 1 },
  });
  const keys = (await bench.documents()).map(({ key }) => key);
  expect(keys).toContain(nameOf(2));
  expect(keys).not.toContain(nameOf(3));
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: 149, removed: 0 }, getRequests: 0 });
});
