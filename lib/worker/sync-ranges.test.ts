import { afterEach, describe, expect, test, vi } from "vitest";
import { LIST_RANGE_KEYS_MIN, LIST_WALKERS, UNCHANGED_COMMIT_MS } from "@/lib/core/limits";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const put = (from: number, to: number) => {
  for (let at = from; at < to; at++) bench.bucket.put(name(at), `text ${at}`);
};

/** As if the last listing had found these places to cut. */
async function cutAt(...keys: string[]): Promise<void> {
  await bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { listingCuts: JSON.stringify(keys) } }),
  );
}

/** Where each walk began. */
function watchStarts(): (string | null)[] {
  const starts: (string | null)[] = [];
  bench.bucket.beforePage = ({ startAfter, token }) => {
    if (token === null) starts.push(startAfter);
  };
  return starts;
}

const ranges = () =>
  bench.database.reading(({ prisma }) => prisma.listingRange.findMany({ orderBy: { position: "asc" } }));

describe("a listing in several ranges", () => {
  test("finds, changes and removes what one walker would, and a second run finds nothing to do", async () => {
    bench = await openSyncBench();
    put(0, 400);
    await bench.sync();
    for (let at = 395; at < 400; at++) bench.bucket.remove(name(at));
    bench.bucket.remove(name(101));
    bench.bucket.put(name(250), "another text");
    bench.bucket.put("00100.txt.new", "between two cuts");
    await cutAt(name(100), name(200), name(300));
    const starts = watchStarts();

    expect(await bench.sync()).toMatchObject({
      status: "completed",
      tally: { listed: 395, added: 1, updated: 1, unchanged: 393, removed: 6 },
    });
    expect(starts).toEqual([null, name(100), name(200), name(300)]);
    await cutAt(name(100), name(200), name(300));
    expect(await bench.sync()).toMatchObject({ tally: { listed: 395, unchanged: 395 }, getRequests: 0 });
  });

  test("cuts at keys that are gone, before the first and behind the last lose nothing", async () => {
    bench = await openSyncBench();
    put(100, 200);
    await bench.sync();
    await cutAt("00000", "00150.gone", "99999");
    expect(await bench.sync()).toMatchObject({ tally: { listed: 100, unchanged: 100, removed: 0 } });
  });

  test("new keys get the free places in key order, whichever walker finds them first", async () => {
    bench = await openSyncBench({ documentLimit: 120 });
    put(0, 100);
    await bench.sync();
    put(100, 400);
    await cutAt(name(150), name(250), name(350));
    bench.bucket.beforePage = async ({ startAfter, token }) => {
      // The first walker comes last.
      if (startAfter === null && token === null) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    expect(await bench.sync()).toMatchObject({
      tally: { listed: 400, added: 20, unchanged: 100, overLimit: 280 },
    });
    const keys = (await bench.documents()).map(({ key }) => key);
    expect(keys.at(-1)).toBe(name(119));
    expect(keys).toHaveLength(120);
  });

  /** Objects that no run reads, in a bucket with pages as large as S3's. */
  const large = () => {
    const source = new MemorySource();
    for (let at = 0; at < LIST_RANGE_KEYS_MIN * LIST_WALKERS; at++) source.put(`${name(at)}.png`, "no text");
    return source;
  };
  const startsOf = (source: MemorySource) => {
    const starts: (string | null)[] = [];
    source.beforePage = ({ startAfter, token }) => {
      if (token === null) starts.push(startAfter);
    };
    return starts;
  };
  const countOf = LIST_RANGE_KEYS_MIN * LIST_WALKERS;

  test("the second run of a large bucket is one, cut where the first one has found it can be", async () => {
    bench = await openSyncBench();
    const source = large();
    expect((await bench.sync({ source })).tally.listed).toBe(countOf);
    const starts = startsOf(source);
    expect(await bench.sync({ source })).toMatchObject({
      status: "completed",
      tally: { listed: countOf, skipped: { unsupported_type: countOf } },
    });
    expect(starts).toEqual([null, ...[9_999, 19_999, 29_999].map((at) => `${name(at)}.png`)]);
  });

  test("so is the run after one that was cut and resumed", async () => {
    bench = await openSyncBench();
    const source = large();
    const stopping = new AbortController();
    source.beforePage = () => {
      if (source.counts.listed > 15) stopping.abort(new Error("the worker stops"));
    };
    expect((await bench.sync({ source, signal: stopping.signal })).status).toBe("running");
    source.beforePage = null;
    expect(await bench.sync({ source, isResumed: true })).toMatchObject({
      status: "completed",
      tally: { listed: countOf },
    });
    const starts = startsOf(source);
    expect((await bench.sync({ source })).tally.listed).toBe(countOf);
    expect(starts.length).toBeGreaterThan(2);
    expect(starts).toContain(`${name(29_999)}.png`);
  });

  test("a run that is resumed behind its listing keeps the cuts that were found", async () => {
    bench = await openSyncBench();
    put(0, 10);
    await bench.listOnly();
    await cutAt(name(5));
    await bench.sync({ isResumed: true });
    const starts = watchStarts();
    await bench.sync();
    expect(starts).toEqual([null, name(5)]);
  });

  test("a run that is cut goes on inside every range", async () => {
    bench = await openSyncBench();
    put(0, 600);
    await bench.sync();
    for (let at = 0; at < 600; at += 150) bench.bucket.put(name(at + 10), "changed");
    await cutAt(name(149), name(299), name(449));
    const stopping = new AbortController();
    bench.bucket.beforePage = async ({ token }) => {
      // Each walker's second page: by then its first is on its way.
      if (token === null) return;
      await vi.waitUntil(async () => (await ranges()).every(({ cursorKey }) => cursorKey !== null), {
        timeout: 10_000,
      });
      stopping.abort(new Error("the worker stops"));
    };
    expect((await bench.sync({ signal: stopping.signal })).status).toBe("running");
    const starts = watchStarts();
    expect(await bench.sync({ isResumed: true })).toMatchObject({
      status: "completed",
      tally: { listed: 600, updated: 4, unchanged: 596 },
    });
    expect(starts).toHaveLength(4);
    expect(starts).not.toContain(null);
    expect(starts).not.toContain(name(149));
  });

  test("so does one that finds nothing to do: what is unchanged is put off for half a second at most", async () => {
    bench = await openSyncBench();
    put(0, 500);
    await bench.sync();
    const before = bench.bucket.counts.listed;
    const stopping = new AbortController();
    bench.bucket.beforePage = () => {
      // A page is asked for when all but the one before it are compared.
      bench.clock.now += UNCHANGED_COMMIT_MS;
      if (bench.bucket.counts.listed === before + 4) stopping.abort(new Error("the worker stops"));
    };
    expect((await bench.sync({ signal: stopping.signal })).status).toBe("running");
    const compared = { cursorKey: name(199), listed: 200, unchanged: 200 };
    expect(await ranges()).toContainEqual(expect.objectContaining(compared));
    const starts = watchStarts();
    const listed = bench.bucket.counts.listed;
    expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { listed: 500, unchanged: 500 } });
    expect(starts).toEqual([name(199)]);
    expect(bench.bucket.counts.listed - listed).toBe(3);
  });
});

describe("a store that does not honour StartAfter", () => {
  /** Answers every walk from the beginning, whatever key it was to begin behind. */
  const deaf = (): ObjectSource => ({
    listPage: (args) => bench.bucket.listPage({ ...args, startAfter: null }),
    read: (args) => bench.bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
  });

  test("is listed by one walker from the beginning, and never cut again", async () => {
    bench = await openSyncBench();
    put(0, 300);
    await bench.sync({ source: deaf() });
    await cutAt(name(100), name(200));
    const starts = watchStarts();
    expect(await bench.sync({ source: deaf() })).toMatchObject({
      tally: { listed: 300, unchanged: 300, removed: 0 },
    });
    const isCutAgain = starts.length;
    expect(await bench.sync({ source: deaf() })).toMatchObject({ tally: { listed: 300, unchanged: 300 } });
    expect(starts).toHaveLength(isCutAgain + 1);
    expect(await ranges()).toHaveLength(3);
  });

  test("is not resumed by key either: nothing is counted twice and nothing is missed", async () => {
    bench = await openSyncBench();
    put(0, 300);
    await bench.database.transaction(({ prisma }) =>
      prisma.connection.updateMany({ data: { listingOrder: "unsplit" } }),
    );
    const stopping = new AbortController();
    bench.bucket.beforePage = async ({ token }) => {
      if (token === null || bench.bucket.counts.listed < 3) return;
      await vi.waitUntil(async () => (await ranges()).some(({ cursorKey }) => cursorKey !== null), {
        timeout: 10_000,
      });
      stopping.abort(new Error("the worker stops"));
    };
    await bench.sync({ source: deaf(), signal: stopping.signal });
    bench.bucket.beforePage = null;
    expect(await bench.sync({ source: deaf(), isResumed: true })).toMatchObject({
      status: "completed",
      tally: { listed: 300, added: 300, removed: 0 },
    });
  });
});
