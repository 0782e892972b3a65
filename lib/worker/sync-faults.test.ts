import { afterEach, describe, expect, test, vi } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { PROGRESS_MS } from "@/lib/core/limits";
import { type ListPage, NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const put = (count: number) => {
  for (let at = 0; at < count; at++) bench.bucket.put(name(at), `text ${at}`);
};

/** The bucket, with its pages changed on their way. */
function withPages(change: (page: ListPage, number: number) => ListPage): ObjectSource {
  let number = 0;
  return {
    listPage: async (args) => {
      number += 1;
      return change(await bench.bucket.listPage(args), number);
    },
    read: (args) => bench.bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
}

describe("listings that are not what they should be", () => {
  test("a store that lists out of order is walked by token alone, and nothing is lost or removed", async () => {
    bench = await openSyncBench();
    put(220);
    const reversed = () => withPages((page) => ({ ...page, objects: [...page.objects].reverse() }));
    expect(await bench.sync({ source: reversed() })).toMatchObject({
      status: "completed",
      tally: { listed: 220, added: 220 },
    });
    const order = await bench.database.reading(({ prisma }) => prisma.connection.findFirstOrThrow());
    expect(order.listingOrder).toBe("unsorted");
    expect(await bench.sync({ source: reversed() })).toMatchObject({
      tally: { listed: 220, unchanged: 220, removed: 0 },
      getRequests: 0,
    });
    bench.bucket.remove(name(7));
    expect(await bench.sync({ source: reversed() })).toMatchObject({
      tally: { unchanged: 219, removed: 1 },
    });
  });

  test("disorder that shows late keeps what was read, counts every object once and removes nothing", async () => {
    bench = await openSyncBench();
    put(250);
    const late = withPages((page, number) =>
      number === 2 ? { ...page, objects: [...page.objects].reverse() } : page,
    );
    const run = await bench.sync({ source: late });
    expect(run).toMatchObject({ status: "completed", tally: { listed: 250, removed: 0 } });
    expect(run.tally.added + run.tally.unchanged).toBe(250);
    expect(bench.extracted).toHaveLength(250);
  });

  test("a page that is sent twice is no second object", async () => {
    bench = await openSyncBench();
    put(150);
    let first: ListPage | null = null;
    const twice = withPages((page, number) => {
      first ??= page;
      return number === 2 ? { ...first, nextToken: page.nextToken } : page;
    });
    const run = await bench.sync({ source: twice });
    expect(run).toMatchObject({ status: "completed", tally: { removed: 0 } });
    expect(await bench.sync()).toMatchObject({ tally: { listed: 150 } });
    expect(await bench.documents()).toHaveLength(150);
  });

  test("a token that repeats ends the run with a clear error, and nothing is removed", async () => {
    bench = await openSyncBench();
    put(30);
    await bench.sync();
    const endless = withPages((page) => ({ ...page, objects: page.objects.slice(0, 0), nextToken: "again" }));
    const run = await bench.sync({ source: endless });
    expect(run).toMatchObject({ status: "failed", errorCode: "listing_disorder", tally: { removed: 0 } });
    expect(run.error).toContain("continuation token");
    expect(await bench.documents()).toHaveLength(30);
  });

  test("an empty page in the middle moves only the token", async () => {
    bench = await openSyncBench();
    put(3);
    let isFirst = true;
    const gap: ObjectSource = {
      listPage: async (args) => {
        if (!isFirst) return bench.bucket.listPage({ ...args, token: null });
        isFirst = false;
        return { objects: [], nextToken: "go on", bytes: 0 };
      },
      read: (args) => bench.bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    expect(await bench.sync({ source: gap })).toMatchObject({
      status: "completed",
      tally: { listed: 3, added: 3 },
    });
  });
});

describe("runs that are cut", () => {
  test("a run that was cut goes on at its cursor, under the same id, and ends as if nothing had happened", async () => {
    bench = await openSyncBench();
    put(350);
    const stopping = new AbortController();
    let pages = 0;
    bench.bucket.beforePage = async () => {
      pages += 1;
      if (pages !== 3) return;
      await vi.waitUntil(async () => (await bench.documents()).length > 0, { timeout: 10_000 });
      stopping.abort(new Error("the worker stops"));
    };
    const cut = await bench.sync({ signal: stopping.signal });
    expect(cut.status).toBe("running");
    const readBefore = bench.extracted.length;
    bench.bucket.beforePage = ({ startAfter, token }) => {
      // It does not start again at the beginning.
      if (startAfter === null && token === null) throw new Error("listed from the start");
    };
    const resumed = await bench.sync();
    expect(resumed).toMatchObject({
      id: cut.id,
      status: "completed",
      tally: { listed: 350, added: 350 },
    });
    expect(bench.extracted.length - readBefore).toBeLessThan(350);
    expect(new Set(bench.extracted).size).toBe(350);

    bench.bucket.beforePage = null;
    expect(await bench.sync()).toMatchObject({ tally: { listed: 350, unchanged: 350 }, getRequests: 0 });
  });

  test.each([
    ["at its end", 0],
    ["while it goes on", PROGRESS_MS * 1.5],
  ])(
    "what a run has cost that another worker has taken over is not written by the first, %s",
    async (_when, waitMs) => {
      bench = await openSyncBench();
      put(50);
      bench.bucket.beforePage = async () => {
        await bench.database.transaction(({ prisma }) =>
          prisma.syncRun.updateMany({
            where: { status: "running" },
            data: { leaseToken: "another worker:1" },
          }),
        );
        await new Promise((resolve) => setTimeout(resolve, waitMs));
      };
      expect(await bench.sync()).toMatchObject({
        status: "running",
        listRequests: 0,
        bytesListed: 0,
        stageMs: {},
      });
    },
  );

  test("what a lost lease still tries to write is not written", async () => {
    bench = await openSyncBench();
    put(50);
    let isTaken = false;
    bench.bucket.beforeRead = async () => {
      if (isTaken) return;
      isTaken = true;
      const taken = { leaseToken: "another worker:1" };
      await bench.database.transaction(async ({ prisma }) => {
        await prisma.syncRun.updateMany({ where: { status: "running" }, data: taken });
        await prisma.readBatch.updateMany({ data: taken });
      });
    };
    const run = await bench.sync();
    expect(run.status).toBe("running");
    expect(await bench.documents()).toHaveLength(0);
  });
});

describe("reads that fail", () => {
  test("a failure that may pass is tried again in the next run, and then stored", async () => {
    bench = await openSyncBench();
    put(3);
    bench.bucket.beforeRead = ({ key }) => {
      if (key === name(1)) throw new SluiceError({ code: "object_denied", effect: "skip", message: "403" });
    };
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: 2, failed: 1 } });
    expect(await bench.objects()).toMatchObject({ [name(1)]: "failed: object_denied" });
    bench.bucket.beforeRead = null;
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 2, failed: 0 } });
  });

  test("after five failures in as many runs it is tried once a day", async () => {
    bench = await openSyncBench();
    put(1);
    bench.bucket.beforeRead = () => {
      throw new SluiceError({ code: "object_denied", effect: "skip", message: "403" });
    };
    for (let run = 0; run < 5; run++) expect(await bench.sync()).toMatchObject({ getRequests: 1 });
    expect(await bench.sync()).toMatchObject({ tally: { failed: 1 }, getRequests: 0 });
    bench.clock.now += 25 * 60 * 60 * 1000;
    expect(await bench.sync()).toMatchObject({ getRequests: 1 });
  });

  test("when every read fails one listing decides, and the run ends with what that says", async () => {
    bench = await openSyncBench();
    put(200);
    let isRevoked = false;
    bench.bucket.beforeRead = () => {
      isRevoked = true;
      throw new SluiceError({ code: "object_denied", effect: "skip", message: "403" });
    };
    bench.bucket.beforePage = () => {
      if (isRevoked)
        throw new SluiceError({ code: "source_denied", effect: "stop", message: "Access denied" });
    };
    const run = await bench.sync();
    expect(run).toMatchObject({ status: "failed", errorCode: "source_denied" });
    expect(run.getRequests).toBeLessThan(100);
    expect(bench.extracted).toEqual([]);
  });
});
