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
async function openTwoRanges(
  documentLimit: number,
  hooks: { onFirstRange?: () => void; onLastPage?: () => Promise<unknown> } = {},
): Promise<void> {
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
  bench.bucket.beforePage = async ({ startAfter, token, signal }) => {
    if (startAfter === null && token === null) {
      await vi.waitUntil(async () => (await ranges())[1]?.cursorKey !== null, { timeout: 5_000 });
      hooks.onFirstRange?.();
    }
    if (startAfter !== nameOf(99) || token === null) return;
    const isClosed = async () => signal.aborted || (await ranges())[0]?.status === "closed";
    await vi.waitUntil(isClosed, { timeout: 5_000 });
    pages += 1;
    if (pages === 2) await hooks.onLastPage?.();
  };
}

test("what is new in a range is read when the ranges before it are listed, though the listing goes on", async () => {
  await openTwoRanges(10_000, {
    onLastPage: () => vi.waitUntil(() => bench.bucket.counts.read > 100, { timeout: 5_000 }),
  });
  expect(await bench.sync()).toMatchObject({
    tally: { listed: 400, added: 300, unchanged: 100, overLimit: 0 },
  });
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: 400 }, getRequests: 0 });
});

test("its places go to the first of its keys, also to those that came when it did not lead", async () => {
  await openTwoRanges(150);
  expect(await bench.sync()).toMatchObject({ tally: { added: 50, unchanged: 100, overLimit: 250 } });
  const keys = (await bench.documents()).map(({ key }) => key);
  expect(keys.at(-1)).toBe(nameOf(149));
});

test("what waits for its range to lead when the run is cut is pending, and not called over the limit", async () => {
  await openTwoRanges(10_000, {
    onFirstRange: () => {
      throw new SluiceError({ code: "source_denied", effect: "stop", message: "no" });
    },
  });
  expect(await bench.sync()).toMatchObject({
    status: "failed",
    tally: { listed: 100, added: 0, overLimit: 0, pending: 100 },
  });
});

test("what is over the limit in the leading range is called so at once, also when the run is cut", async () => {
  bench = await openSyncBench({ documentLimit: 50 });
  for (let at = 0; at < 300; at++) bench.bucket.put(nameOf(at), `text ${at}`);
  let pages = 0;
  bench.bucket.beforePage = () => {
    pages += 1;
    if (pages === 3) throw new SluiceError({ code: "source_denied", effect: "stop", message: "no" });
  };
  expect(await bench.sync()).toMatchObject({ status: "failed", tally: { listed: 200, overLimit: 150 } });
});
