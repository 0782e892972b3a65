import { afterEach, beforeEach, expect, test } from "vitest";
import type { ObjectSource } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const COUNT = 220;

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  for (let at = 0; at < COUNT; at++) bench.bucket.put(`${String(at).padStart(3, "0")}.txt`, `text ${at}`);
  expect(await bench.sync({ source: backwards() })).toMatchObject({ tally: { added: COUNT } });
  expect(await order()).toBe("unsorted");
});
afterEach(() => bench.remove());

/** The bucket by a store that lists each page backwards. */
function backwards(): ObjectSource {
  const { bucket } = bench;
  return {
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      return { ...page, objects: page.objects.toReversed() };
    },
    read: (args) => bucket.read(args),
    findings: () => bucket.findings(),
    close: () => {},
  };
}

const order = async () =>
  (await bench.database.reading(({ prisma }) => prisma.connection.findFirstOrThrow())).listingOrder;

test("a store that lists out of order stays known as such, until everything is read again", async () => {
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: COUNT } });
  expect(await order()).toBe("unsorted");
  expect(await bench.sync({ kind: "reread" })).toMatchObject({
    status: "completed",
    tally: { listed: COUNT },
  });
  expect(await order()).toBe("sorted");
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: COUNT }, getRequests: 0 });
});

test("one that still does is found out again, and nothing is lost or removed", async () => {
  const again = await bench.sync({ kind: "reread", source: backwards() });
  expect(again).toMatchObject({ status: "completed", tally: { listed: COUNT, removed: 0, failed: 0 } });
  expect(await order()).toBe("unsorted");
  expect(await bench.documents()).toHaveLength(COUNT);
});

test("a run that is resumed goes on with what it has found", async () => {
  const stopping = new AbortController();
  let pages = 0;
  bench.bucket.beforePage = () => {
    pages += 1;
    // The first page shows it; the walk by token is cut.
    if (pages === 3) stopping.abort(new Error("the worker stops"));
  };
  const cut = await bench.sync({ kind: "reread", source: backwards(), signal: stopping.signal });
  expect(cut.status).toBe("running");
  expect(await order()).toBe("unsorted");
  bench.clock.now += 60_000;
  const resumed = await bench.sync({ isResumed: true, source: backwards() });
  expect(resumed).toMatchObject({
    kind: "reread",
    status: "completed",
    tally: { listed: COUNT, removed: 0 },
  });
  expect(await order()).toBe("unsorted");
});
