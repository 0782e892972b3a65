import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { nameOf } from "./testing/many-stored";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  for (let at = 0; at < OBJECTS; at++) {
    if (at % 20 === 0) bench.bucket.put(`${nameOf(at)}.png`, "no text");
    else bench.bucket.put(nameOf(at), at % 20 === 1 ? `!fail ${at}` : `text ${at}`);
  }
});
afterEach(() => bench.remove());

const OBJECTS = 300;
/** One in twenty is of a kind that is never read, and one in twenty cannot be. */
const ENDINGS = {
  listed: OBJECTS,
  added: OBJECTS - OBJECTS / 10,
  failed: OBJECTS / 20,
  skipped: { unsupported_type: OBJECTS / 20 },
  pending: 0,
};

const countDocuments = async (status: string) =>
  (await bench.documents()).filter((document) => document.status === status).length;
const countRows = async (outcome: string) =>
  Object.values(await bench.objects()).filter((text) => text.startsWith(outcome)).length;
const untilMoreAreRead = (count: number) =>
  vi.waitUntil(async () => (await countDocuments("done")) > count, { timeout: 10_000 });

test("a run that is stopped twice while it lists counts every object of the bucket once", async () => {
  for (const isResumed of [false, true]) {
    const before = bench.bucket.counts.listed;
    const stopping = new AbortController();
    const read = await countDocuments("done");
    // Its first page is recorded while its second is asked for.
    bench.bucket.beforePage = async () => {
      if (bench.bucket.counts.listed < before + 2) return;
      await untilMoreAreRead(read);
      stopping.abort(new Error("the worker stops"));
    };
    expect(await bench.sync({ signal: stopping.signal, isResumed })).toMatchObject({ status: "running" });
  }
  bench.bucket.beforePage = null;
  expect(await bench.sync({ isResumed: true })).toMatchObject({ status: "completed", tally: ENDINGS });
  expect(await countDocuments("done")).toBe(ENDINGS.added);
  expect(await countDocuments("failed")).toBe(ENDINGS.failed);
  expect(await bench.sync()).toMatchObject({ tally: { unchanged: ENDINGS.added }, getRequests: 0 });
});

test("a run that is canceled while it lists says exactly what it has come to, and the next one does the rest", async () => {
  bench.bucket.beforePage = async ({ signal }) => {
    if (bench.bucket.counts.listed < 3) return;
    await untilMoreAreRead(0);
    await bench.database.transaction(({ prisma }) =>
      prisma.syncRun.updateMany({ where: { status: "running" }, data: { cancelAskedAt: 1n } }),
    );
    await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  const { status, tally } = await bench.sync();
  expect(status).toBe("canceled");
  // Each listed object has a row by then, and each document is one that this run has made.
  expect(tally).toMatchObject({
    listed: Object.keys(await bench.objects()).length,
    added: await countDocuments("done"),
    failed: await countDocuments("failed"),
    skipped: { unsupported_type: await countRows("skipped") },
    pending: await countRows("queued"),
  });
  expect(tally.listed).toBeGreaterThanOrEqual(100);
  expect(tally.listed).toBeLessThan(OBJECTS);

  bench.bucket.beforePage = null;
  const { added: unchanged } = tally;
  expect(await bench.sync()).toMatchObject({
    status: "completed",
    tally: { ...ENDINGS, added: ENDINGS.added - unchanged, unchanged },
  });
});
