import { afterEach, describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import type { Database } from "@/lib/db/database";
import { settleHold } from "@/lib/use-cases/settle-hold";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const put = (count: number, folder = "") => {
  for (let at = 0; at < count; at++)
    bench.bucket.put(`${folder}${String(at).padStart(4, "0")}.txt`, `text ${at}`);
};
const take = (count: number) => {
  for (let at = 0; at < count; at++) bench.bucket.remove(`${String(at).padStart(4, "0")}.txt`);
};
const countDocuments = async () => (await bench.documents()).length;
const openHold = () =>
  bench.database.reading(({ prisma }) =>
    prisma.hold.findFirst({ where: { status: "open" }, include: { keys: { orderBy: { key: "asc" } } } }),
  );
const settle = async (decision: "apply" | "dismiss") => {
  const input = { connectionId: bench.connectionId, decision };
  const { reading: read, transaction: write } = bench.database;
  await settleHold({ actor: TESTER, read, write, input, now: bench.clock.now });
};

describe("removal", () => {
  test("an emptied bucket removes nothing until a person applies it", async () => {
    bench = await openSyncBench();
    put(10);
    await bench.sync();
    take(10);
    expect(await bench.sync()).toMatchObject({
      status: "completed",
      tally: { listed: 0, removed: 0, onHold: 10 },
    });
    expect(await countDocuments()).toBe(10);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 10 } });
    expect((await openHold())?.keys).toHaveLength(10);

    await settle("apply");
    expect(await bench.sync()).toMatchObject({ tally: { removed: 10, onHold: 0 } });
    expect(await countDocuments()).toBe(0);
    expect(await openHold()).toBeNull();
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 0 } });
  });

  test("more than 25 and more than a quarter is held; objects that return leave the hold", async () => {
    bench = await openSyncBench();
    put(100);
    await bench.sync();
    take(26);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 74, removed: 0, onHold: 26 } });
    put(20);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 6, onHold: 0, unchanged: 94 } });
    expect(await openHold()).toBeNull();
    expect(await countDocuments()).toBe(94);
  });

  test("applying proves every key again: what has returned stays", async () => {
    bench = await openSyncBench();
    put(40);
    await bench.sync();
    take(30);
    await bench.sync();
    await settle("apply");
    let isListed = false;
    bench.bucket.beforePage = () => {
      // The first page is the listing; the object comes back before its removal is proved.
      if (isListed) bench.bucket.put("0003.txt", "text 3");
      isListed = true;
    };
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { removed: 29 } });
    bench.bucket.beforePage = null;
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 11, removed: 0, onHold: 0 } });
  });

  test("dismissed removals keep their documents and are not asked about again until the object returns", async () => {
    bench = await openSyncBench();
    put(40);
    await bench.sync();
    take(30);
    await bench.sync();
    await settle("dismiss");
    expect(await bench.sync()).toMatchObject({ tally: { removed: 0, onHold: 0 } });
    expect(await countDocuments()).toBe(40);
    put(1);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 11, unchanged: 11 } });
    take(1);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 1 } });
  });

  test.each(["!fail", "!unsupported"])(
    "one of them returns with a version that cannot be read (%s): once more it is like any other",
    async (text) => {
      bench = await openSyncBench();
      put(40);
      await bench.sync();
      bench.bucket.put("0000.txt", text);
      await bench.sync();
      take(30);
      await bench.sync();
      await settle("dismiss");
      await bench.sync();
      expect(await countDocuments()).toBe(40);
      bench.bucket.put("0000.txt", text);
      await bench.sync();
      take(1);
      expect(await bench.sync()).toMatchObject({ tally: { removed: 1 } });
      expect(await countDocuments()).toBe(39);
    },
  );

  test("a connection can keep the documents of objects that are gone", async () => {
    bench = await openSyncBench({ deletionPolicy: "keep" });
    put(40);
    await bench.sync();
    take(40);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 0, removed: 0, onHold: 0 } });
    expect(await countDocuments()).toBe(40);
  });

  test("a listing that breaks in the middle removes nothing", async () => {
    bench = await openSyncBench();
    put(30);
    await bench.sync();
    take(20);
    put(250, "later/");
    let pages = 0;
    bench.bucket.beforePage = () => {
      pages += 1;
      if (pages === 2) throw new SluiceError({ code: "source_unreachable", effect: "retry", message: "cut" });
    };
    expect(await bench.sync()).toMatchObject({
      status: "failed",
      errorCode: "source_unreachable",
      tally: { removed: 0 },
    });
    expect((await bench.documents()).filter(({ key }) => !key?.startsWith("later/"))).toHaveLength(30);
  });

  test("credentials that are refused in the middle end the run and remove nothing", async () => {
    bench = await openSyncBench();
    put(5);
    await bench.sync();
    take(1);
    bench.bucket.beforePage = () => {
      throw new SluiceError({ code: "source_auth", effect: "stop", message: "Authentication failed" });
    };
    expect(await bench.sync()).toMatchObject({
      status: "failed",
      errorCode: "source_auth",
      tally: { removed: 0 },
    });
    expect(await countDocuments()).toBe(5);
    bench.bucket.beforePage = null;
    expect(await bench.sync()).toMatchObject({ status: "completed", tally: { removed: 1 } });
  });

  test("a run that is resumed after its listing knows how much it had listed", async () => {
    bench = await openSyncBench();
    put(5);
    await bench.sync();
    take(1);
    const stopping = new AbortController();
    const { transaction } = bench.database;
    bench.database.transaction = (work) =>
      transaction(async (tx) => {
        const result = await work(tx);
        const listed = await tx.prisma.syncRun.count({
          where: { status: "running", listedAt: { not: null } },
        });
        if (listed > 0) stopping.abort(new Error("the worker stops"));
        return result;
      });
    expect(await bench.sync({ signal: stopping.signal })).toMatchObject({ status: "running" });
    bench.database.transaction = transaction;
    expect(await bench.sync()).toMatchObject({
      status: "completed",
      tally: { listed: 4, removed: 1, onHold: 0 },
    });
  });

  test("a hold that a person applies while a run is about to hold again is not lost", async () => {
    bench = await openSyncBench();
    put(40);
    await bench.sync();
    take(40);
    await bench.sync();
    const { transaction } = bench.database;
    let isApplied = false;
    bench.database.transaction = (work) =>
      transaction(async (tx) => {
        const listed = await tx.prisma.syncRun.count({
          where: { status: "running", listedAt: { not: null } },
        });
        if (listed > 0 && !isApplied) {
          isApplied = true;
          // The click comes between the run's count and its hold.
          const input = { connectionId: bench.connectionId, decision: "apply" } as const;
          const here: Database["reading"] = (click) => click(tx);
          await settleHold({ actor: TESTER, read: here, write: here, input, now: bench.clock.now });
        }
        return work(tx);
      });
    await bench.sync();
    bench.database.transaction = transaction;
    expect(isApplied).toBe(true);
    expect(await bench.sync()).toMatchObject({ tally: { removed: 40, onHold: 0 } });
    expect(await countDocuments()).toBe(0);
  });
});
