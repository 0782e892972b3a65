import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LIST_CUT_WAIT_MS_MIN } from "@/lib/core/limits";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const PAGE_KEYS = 20;
const COUNT = 700;

let bench: SyncBench;
let bucket: MemorySource;
beforeEach(() => {
  bucket = new MemorySource({ pageKeys: PAGE_KEYS });
});
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const unreadable = (at: number) => `${String(at).padStart(5, "0")}.png`;
const put = (from: number, to: number, nameOf = name) => {
  for (let at = from; at < to; at++) bucket.put(nameOf(at), `text ${at}`);
};
const over = (listPage: ObjectSource["listPage"]): ObjectSource => ({
  listPage,
  read: (args) => bucket.read(args),
  findings: () => NOTHING_FOUND,
  close: () => {},
});

async function ranges() {
  const [run] = await bench.database.reading(({ prisma }) =>
    prisma.syncRun.findMany({ orderBy: { queuedAt: "desc" }, take: 1 }),
  );
  return bench.database.reading(({ prisma }) =>
    prisma.listingRange.findMany({ where: { runId: run?.id ?? "" }, orderBy: { afterKey: "asc" } }),
  );
}

/**
 * A store that takes twice as long for each page as is worked on the one before, however busy this machine is. Windows
 * without a change are recorded later; then it is what `workMsMax` says.
 */
function slow(
  listPage: ObjectSource["listPage"] = (args) => bucket.listPage(args),
  workMsMax = 20_000,
): ObjectSource {
  const before = new Map<string, { lastKey: string; cameAt: number }>();
  const isRecorded = async (lastKey: string) =>
    (await ranges()).some(({ cursorKey, afterKey }) => afterKey < lastKey && (cursorKey ?? "") >= lastKey);
  return over(async (args) => {
    const last = before.get(args.token ?? "");
    if (last !== undefined) {
      const workedMs = () => performance.now() - last.cameAt;
      const isTaken = async () =>
        args.signal.aborted || workedMs() > workMsMax || (await isRecorded(last.lastKey));
      await vi.waitUntil(isTaken, { timeout: 30_000, interval: 10 });
      await pause(Math.max(workedMs(), LIST_CUT_WAIT_MS_MIN) * 2, undefined, { signal: args.signal });
    }
    const page = await listPage(args);
    const lastKey = page.objects.at(-1)?.key ?? "";
    if (page.nextToken !== null) before.set(page.nextToken, { lastKey, cameAt: performance.now() });
    return page;
  });
}

/** From the beginning to the end of everything, the first range first. */
async function expectTiled(): Promise<void> {
  const tiles = await ranges();
  expect(tiles.map(({ untilKey }) => untilKey)).toEqual([
    ...tiles.slice(1).map(({ afterKey }) => afterKey),
    null,
  ]);
  expect(tiles[0]).toMatchObject({ position: 0, afterKey: "" });
}

describe("a first listing of a slow store", () => {
  test("is walked by several walkers, and a second run finds nothing to do", async () => {
    bench = await openSyncBench();
    put(0, COUNT, unreadable);
    const tally = { listed: COUNT, skipped: { unsupported_type: COUNT } };
    expect(await bench.sync({ source: slow() })).toMatchObject({ status: "completed", tally });
    await expectTiled();
    expect((await ranges()).length).toBeGreaterThan(1);
    expect(await bench.sync({ source: bucket })).toMatchObject({ tally });
  });

  test("gives the places to the first keys, as one walker would, wherever it is cut", async () => {
    bench = await openSyncBench({ documentLimit: 400 });
    put(0, COUNT);
    expect(await bench.sync({ source: slow() })).toMatchObject({
      status: "completed",
      tally: { listed: COUNT, added: 400, overLimit: COUNT - 400 },
    });
    expect((await ranges()).length).toBeGreaterThan(1);
    const keys = (await bench.documents()).map(({ key }) => key);
    expect(keys).toEqual(Array.from({ length: 400 }, (_, at) => name(at)));
    expect(await bench.sync({ source: bucket })).toMatchObject({
      tally: { unchanged: 400, added: 0, overLimit: COUNT - 400 },
      getRequests: 0,
    });
  });

  test("goes on inside every range when its worker ends, and lists nothing again that was recorded", async () => {
    bench = await openSyncBench();
    put(0, COUNT, unreadable);
    const stopping = new AbortController();
    const dying = slow(async (args) => {
      const open = await ranges();
      if (open.length > 1 && open.every(({ cursorKey }) => cursorKey !== null)) {
        stopping.abort(new Error("the worker stops"));
      }
      return bucket.listPage(args);
    });
    expect((await bench.sync({ source: dying, signal: stopping.signal })).status).toBe("running");
    const before = await ranges();
    expect(before.length).toBeGreaterThan(1);

    const starts: (string | null)[] = [];
    bucket.beforePage = ({ startAfter, token }) => {
      if (token === null) starts.push(startAfter);
    };
    expect(await bench.sync({ source: bucket, isResumed: true })).toMatchObject({
      status: "completed",
      tally: { listed: COUNT, skipped: { unsupported_type: COUNT } },
    });
    await expectTiled();
    const cursors = before.filter(({ status }) => status === "open").map(({ cursorKey }) => cursorKey);
    const seams = before.map(({ untilKey }) => untilKey).filter((key) => key !== null);
    // Beside the walks, the store is only asked what comes first behind the ends of ranges.
    expect(starts).toEqual(expect.arrayContaining(cursors));
    expect(starts.filter((key) => !cursors.includes(key) && !seams.includes(key ?? ""))).toEqual([]);
  });
});

describe("in a slow store", () => {
  test("a plan, and the run that applies it, are one walker's", async () => {
    bench = await openSyncBench();
    put(0, 400);
    const plan = await bench.sync({ source: slow(), kind: "plan" });
    expect(await ranges()).toHaveLength(1);
    const applied = await bench.sync({ source: slow(), kind: "apply", planRunId: plan.id });
    expect(applied).toMatchObject({ tally: { added: 400 } });
    expect(await ranges()).toHaveLength(1);
  });

  test("a run that reads everything again is cut, removes what is gone, and nothing else", async () => {
    bench = await openSyncBench();
    put(0, 500);
    await bench.sync({ source: bucket });
    for (let at = 495; at < 500; at++) bucket.remove(name(at));
    bucket.remove(name(7));
    bucket.put(name(450), "another text");
    expect(await bench.sync({ source: slow(), kind: "reread" })).toMatchObject({
      status: "completed",
      tally: { listed: 494, updated: 494, removed: 6 },
    });
    await expectTiled();
    expect((await ranges()).length).toBeGreaterThan(1);
    expect((await bench.documents()).map(({ key }) => key)).toEqual(bucket.keys());
  });

  test("a run that finds nothing to do is cut, and counts every key once", async () => {
    bench = await openSyncBench();
    put(0, COUNT);
    await bench.sync({ source: bucket });
    const again = slow(undefined, 20);
    expect(await bench.sync({ source: again })).toMatchObject({
      status: "completed",
      tally: { listed: COUNT, unchanged: COUNT, removed: 0 },
      getRequests: 0,
    });
    await expectTiled();
    expect((await ranges()).length).toBeGreaterThan(1);
  });

  test("that ignores StartAfter nothing is cut, and it is asked once whether it does", async () => {
    bench = await openSyncBench();
    put(0, COUNT, unreadable);
    const deaf = slow((args) => bucket.listPage({ ...args, startAfter: null }));
    expect(await bench.sync({ source: deaf })).toMatchObject({
      status: "completed",
      tally: { listed: COUNT },
      listRequests: COUNT / PAGE_KEYS + 1,
    });
    expect(await ranges()).toHaveLength(1);
  });
});

test("a first listing of a fast store is one range, and takes no request more than it has pages", async () => {
  bench = await openSyncBench();
  put(0, COUNT, unreadable);
  expect(await bench.sync({ source: bucket })).toMatchObject({ listRequests: COUNT / PAGE_KEYS });
  expect(await ranges()).toHaveLength(1);
});
