import { afterEach, expect, test, vi } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { nameOf } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

/**
 * 100 objects are stored and 300 behind them are new. The bucket is listed in two ranges that meet between them: the
 * first page of the second comes before the first range, and its next pages come when that one is closed.
 */
async function openTwoRanges(documentLimit: number, onLastPage: () => Promise<void>): Promise<void> {
  bench = await openSyncBench({ documentLimit });
  for (let at = 0; at < 100; at++) bench.bucket.put(nameOf(at), `text ${at}`);
  await bench.sync();
  for (let at = 100; at < 400; at++) bench.bucket.put(nameOf(at), `text ${at}`);
  await bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { listingCuts: JSON.stringify([nameOf(99)]) } }),
  );
  const ranges = () =>
    bench.database.reading(({ prisma }) =>
      prisma.listingRange.findMany({
        where: { run: { status: "running" } },
        orderBy: { position: "asc" },
      }),
    );
  let pages = 0;
  bench.bucket.beforePage = async ({ startAfter, token }) => {
    if (startAfter === null && token === null) {
      await vi.waitUntil(async () => (await ranges())[1]?.cursorKey !== null, { timeout: 5_000 });
    }
    if (startAfter !== nameOf(99) || token === null) return;
    await vi.waitUntil(async () => (await ranges())[0]?.status === "closed", { timeout: 5_000 });
    pages += 1;
    if (pages === 2) await onLastPage();
  };
}

test("what is new in a range is read when the ranges before it are listed, though the listing goes on", async () => {
  await openTwoRanges(10_000, () =>
    vi.waitUntil(() => bench.bucket.counts.read > 100, { timeout: 5_000 }).then(() => undefined),
  );
  expect(await bench.sync()).toMatchObject({
    tally: { listed: 400, added: 300, unchanged: 100, overLimit: 0 },
  });
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: 400 }, getRequests: 0 });
});

test("its places go to the first of its keys, also to those that came when it did not lead", async () => {
  await openTwoRanges(150, async () => {});
  expect(await bench.sync()).toMatchObject({ tally: { added: 50, unchanged: 100, overLimit: 250 } });
  const keys = (await bench.documents()).map(({ key }) => key);
  expect(keys.at(-1)).toBe(nameOf(149));
});

test("what was not given a place when the run is cut is pending: nobody knows yet whether it is over the limit", async () => {
  await openTwoRanges(150, () => {
    throw new SluiceError({ code: "source_denied", effect: "stop", message: "no" });
  });
  const { status, tally } = await bench.sync();
  expect(status).toBe("failed");
  expect(tally).toMatchObject({ overLimit: 0 });
  expect(tally.pending).toBeGreaterThan(0);
});
