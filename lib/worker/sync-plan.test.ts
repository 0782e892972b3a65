import { afterEach, describe, expect, test } from "vitest";
import type { ObjectSource } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const put = (from: number, to: number, text = "text") => {
  for (let at = from; at < to; at++) bench.bucket.put(name(at), `${text} ${at}`);
};

const lines = (runId: string) =>
  bench.database.reading(async ({ prisma }) => {
    const rows = await prisma.runChange.findMany({ where: { runId }, orderBy: { key: "asc" } });
    return Object.fromEntries(rows.map(({ key, kind }) => [key, kind]));
  });

const state = async () => ({ objects: await bench.objects(), documents: await bench.documents() });

describe("a dry run", () => {
  test("writes down what a sync would do and does none of it, and a sync then does just that", async () => {
    bench = await openSyncBench();
    put(0, 120);
    await bench.sync();
    put(120, 123);
    bench.bucket.put(name(5), "another text");
    bench.bucket.put("picture.png", "no text");
    bench.bucket.remove(name(7));
    const before = await state();

    const plan = await bench.sync({ kind: "plan" });
    expect(plan).toMatchObject({
      status: "completed",
      getRequests: 0,
      tally: {
        listed: 123,
        added: 3,
        updated: 1,
        unchanged: 118,
        skipped: { unsupported_type: 1 },
        removed: 1,
      },
    });
    expect(await state()).toEqual(before);
    expect(await lines(plan.id)).toEqual({
      [name(5)]: "updated",
      [name(7)]: "removed",
      [name(120)]: "added",
      [name(121)]: "added",
      [name(122)]: "added",
      "picture.png": "skipped",
    });
    const { tally } = await bench.sync();
    expect(tally).toEqual(plan.tally);
  });

  test("counts what the limit leaves out, and says that a person would be asked", async () => {
    bench = await openSyncBench({ documentLimit: 130 });
    put(0, 120);
    await bench.sync();
    for (let at = 0; at < 60; at++) bench.bucket.remove(name(at));
    put(120, 150);
    const plan = await bench.sync({ kind: "plan" });
    expect(plan.tally).toMatchObject({ listed: 90, added: 10, overLimit: 20, removed: 0, onHold: 60 });
    expect(await bench.documents()).toHaveLength(120);
  });
});

describe("the lines of a plan", () => {
  test("unchanged windows before a changed one are counted", async () => {
    bench = await openSyncBench();
    put(0, 250);
    await bench.sync();
    put(250, 251);
    expect((await bench.sync({ kind: "plan" })).tally).toMatchObject({
      listed: 251,
      unchanged: 250,
      added: 1,
    });
  });

  test("what a listing out of order seemed to miss is no removal", async () => {
    bench = await openSyncBench();
    put(0, 250);
    await bench.sync();
    const late: ObjectSource = {
      ...bench.bucket,
      listPage: async (args) => {
        const page = await bench.bucket.listPage(args);
        const isFirst = args.token === null;
        if (isFirst) return { ...page, objects: page.objects.filter(({ key }) => key !== name(50)) };
        const whole = await bench.bucket.listPage({ ...args, token: null, startAfter: null });
        const missed = whole.objects.filter(({ key }) => key === name(50));
        return { ...page, objects: [...missed, ...page.objects] };
      },
      read: (args) => bench.bucket.read(args),
      foundRegion: () => null,
      close: () => {},
    };
    const plan = await bench.sync({ kind: "plan", source: late });
    expect(await lines(plan.id)).toEqual({});
    expect(plan.tally).toMatchObject({ listed: 250, removed: 0, onHold: 0 });
  });

  test("documents that a person keeps are no removals, whatever leaves them out", async () => {
    bench = await openSyncBench({ deletionPolicy: "keep" });
    put(0, 10);
    await bench.sync();
    const change = (data: object) =>
      bench.database.transaction(({ prisma }) => prisma.connection.updateMany({ data }));
    await change({ excludeGlobs: JSON.stringify([name(3)]), revision: { increment: 1 } });
    await bench.sync();
    await change({ deletionPolicy: "remove" });
    expect((await bench.sync({ kind: "plan" })).tally.removed).toBe(0);
    expect((await bench.sync()).tally.removed).toBe(0);
  });
});

describe("applying a plan", () => {
  test("adds what it lists also where the last listing would be cut", async () => {
    bench = await openSyncBench();
    put(0, 300);
    await bench.sync();
    put(300, 310);
    const plan = await bench.sync({ kind: "plan" });
    const listingCuts = JSON.stringify([name(100), name(200)]);
    await bench.database.transaction(({ prisma }) => prisma.connection.updateMany({ data: { listingCuts } }));
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({ added: 10, overLimit: 0 });
  });

  test("does exactly what stands in it, removals that would wait for a person among them", async () => {
    bench = await openSyncBench();
    put(0, 100);
    await bench.sync();
    for (let at = 0; at < 60; at++) bench.bucket.remove(name(at));
    bench.bucket.put(name(70), "another text");
    const plan = await bench.sync({ kind: "plan" });
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied).toMatchObject({
      status: "completed",
      tally: { listed: 40, updated: 1, unchanged: 39, removed: 60, onHold: 0 },
    });
    expect(await bench.documents()).toHaveLength(40);
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 40, removed: 0 }, getRequests: 0 });
  });

  test("what has changed since is left alone and reported as drifted; the next sync decides about it", async () => {
    bench = await openSyncBench();
    put(0, 40);
    await bench.sync();
    bench.bucket.put(name(1), "planned");
    bench.bucket.put(name(2), "planned");
    bench.bucket.remove(name(3));
    bench.bucket.remove(name(4));
    put(40, 42);
    const plan = await bench.sync({ kind: "plan" });
    // Since then: another version, an object that is back, one that is gone, one that is new, one that has gone, too.
    bench.bucket.put(name(2), "changed again");
    bench.bucket.put(name(3), "back");
    bench.bucket.remove(name(41));
    bench.bucket.put(name(99), "not planned");
    bench.bucket.remove(name(5));

    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({
      listed: 40,
      added: 1,
      updated: 1,
      unchanged: 35,
      removed: 1,
      skipped: { drifted: 3 },
    });
    const objects = await bench.objects();
    expect(objects[name(5)]).toBe("stored");
    expect(objects[name(99)]).toBeUndefined();
    const next = await bench.sync();
    expect(next.tally).toMatchObject({ listed: 40, added: 1, updated: 2, removed: 1, unchanged: 37 });
  });
});

describe("reading everything again", () => {
  test("reads and stores every object whatever its ETag, and a sync then finds nothing to do", async () => {
    bench = await openSyncBench();
    put(0, 30);
    bench.bucket.put("picture.txt", "!unsupported");
    await bench.sync();
    expect(await bench.sync({ kind: "reread" })).toMatchObject({
      tally: { listed: 31, updated: 30, unchanged: 0, skipped: { unsupported_type: 1 } },
      getRequests: 31,
    });
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 30 }, getRequests: 0 });
  });
});
