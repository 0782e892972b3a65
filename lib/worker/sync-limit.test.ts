import { afterEach, describe, expect, test } from "vitest";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(4, "0")}.txt`;
const put = (from: number, to: number, text = "text") => {
  for (let at = from; at < to; at++) bench.bucket.put(name(at), `${text} ${at}`);
};
const keysOf = async () => (await bench.documents()).map(({ key }) => key);

describe("the document limit", () => {
  test("gives its places to keys in key order, and counts the rest as over the limit", async () => {
    bench = await openSyncBench({ documentLimit: 3 });
    put(0, 5);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 5, added: 3, overLimit: 2 } });
    expect(await keysOf()).toEqual([name(0), name(1), name(2)]);
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 3, overLimit: 2 }, getRequests: 0 });
  });

  test("a stored document keeps its place against new keys before it", async () => {
    bench = await openSyncBench({ documentLimit: 2 });
    put(5, 8);
    await bench.sync();
    put(0, 2);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 5, unchanged: 2, added: 0, overLimit: 3 } });
    expect(await keysOf()).toEqual([name(5), name(6)]);
  });

  test("places that removals free go to parked keys in the same run, in key order", async () => {
    bench = await openSyncBench({ documentLimit: 3 });
    put(0, 6);
    await bench.sync();
    bench.bucket.remove(name(1));
    expect(await bench.sync()).toMatchObject({
      tally: { listed: 5, added: 1, unchanged: 2, removed: 1, overLimit: 2 },
    });
    expect(await keysOf()).toEqual([name(0), name(2), name(3)]);
  });

  test("objects without text take no place: the next keys get it in the same run", async () => {
    bench = await openSyncBench({ documentLimit: 2 });
    put(0, 3, "!unsupported");
    put(3, 6);
    expect(await bench.sync()).toMatchObject({
      tally: { listed: 6, added: 2, skipped: { unsupported_type: 3 }, overLimit: 1 },
    });
    expect(await keysOf()).toEqual([name(3), name(4)]);
  });

  test("a failed document keeps its place", async () => {
    bench = await openSyncBench({ documentLimit: 2 });
    put(0, 1, "!fail");
    put(1, 4);
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, failed: 1, overLimit: 2 } });
    expect(await bench.sync()).toMatchObject({
      tally: { unchanged: 1, failed: 1, overLimit: 2 },
      getRequests: 0,
    });
  });

  test("a changed object is updated though no place is free", async () => {
    bench = await openSyncBench({ documentLimit: 2 });
    put(0, 3);
    await bench.sync();
    put(0, 1, "other");
    expect(await bench.sync()).toMatchObject({ tally: { updated: 1, unchanged: 1, overLimit: 1 } });
  });

  test("a failed document is read again into its own place, though no other is free", async () => {
    bench = await openSyncBench({ documentLimit: 2 });
    put(0, 1, "!fail");
    put(1, 3);
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, failed: 1, overLimit: 1 } });
    put(0, 1, "mended");
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 1, failed: 0, overLimit: 1 } });
    expect((await bench.documents()).map(({ status }) => status)).toEqual(["done", "done"]);
  });

  test("objects whose tag is illegal take no place, in no run", async () => {
    bench = await openSyncBench({ documentLimit: 2, containerTagRegex: "users/(?<userId>[^/]+)/" });
    for (let at = 0; at < 5; at++) bench.bucket.put(`users/a@${at}/x.txt`, "text");
    bench.bucket.put("users/ada/1.txt", "text");
    expect(await bench.sync()).toMatchObject({ tally: { failed: 5, added: 1 } });
    bench.bucket.put("users/ada/2.txt", "text");
    expect(await bench.sync()).toMatchObject({ tally: { failed: 5, added: 1, unchanged: 1, overLimit: 0 } });
  });

  test("a parked key that a canceled run had marked gets its place", async () => {
    bench = await openSyncBench({ documentLimit: 5 });
    put(0, 10);
    await bench.sync();
    await bench.database.transaction(async ({ prisma }) => {
      const marked = { missingSinceRun: "canceled", missingSince: 1n };
      await prisma.sourceObject.updateMany({ where: { outcome: "over_limit" }, data: marked });
      await prisma.connection.updateMany({ data: { documentLimit: 20 } });
    });
    expect(await bench.sync()).toMatchObject({ tally: { added: 5, unchanged: 5, overLimit: 0 } });
  });
});
