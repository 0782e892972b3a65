import { afterEach, describe, expect, test } from "vitest";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { nameOf, putMany } from "./testing/many-stored";
import { linesOf } from "./testing/planned-lines";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const state = async () => ({ objects: await bench.objects(), documents: await bench.documents() });

describe("a dry run", () => {
  test("writes down what a sync would do and does none of it, and a sync then does just that", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 120);
    await bench.sync();
    putMany(bench, 120, 123);
    bench.bucket.put(nameOf(5), "another text");
    bench.bucket.put("picture.png", "no text");
    bench.bucket.remove(nameOf(7));
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
    expect(await linesOf(bench, plan.id)).toEqual({
      [nameOf(5)]: "updated",
      [nameOf(7)]: "removed",
      [nameOf(120)]: "added",
      [nameOf(121)]: "added",
      [nameOf(122)]: "added",
      "picture.png": "skipped",
    });
    const { tally } = await bench.sync();
    expect(tally).toEqual(plan.tally);
  });

  test("counts what the limit leaves out, and says that a person would be asked", async () => {
    bench = await openSyncBench({ documentLimit: 130 });
    putMany(bench, 0, 120);
    await bench.sync();
    for (let at = 0; at < 60; at++) bench.bucket.remove(nameOf(at));
    putMany(bench, 120, 150);
    const plan = await bench.sync({ kind: "plan" });
    expect(plan.tally).toMatchObject({ listed: 90, added: 10, overLimit: 20, removed: 0, onHold: 60 });
    expect(await bench.documents()).toHaveLength(120);
  });
});

describe("the lines of a plan", () => {
  test("unchanged windows before a changed one are counted", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 250);
    await bench.sync();
    putMany(bench, 250, 251);
    expect((await bench.sync({ kind: "plan" })).tally).toMatchObject({
      listed: 251,
      unchanged: 250,
      added: 1,
    });
  });

  test("what a listing out of order seemed to miss is no removal", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 250);
    await bench.sync();
    const late: ObjectSource = {
      ...bench.bucket,
      listPage: async (args) => {
        const page = await bench.bucket.listPage(args);
        const isFirst = args.token === null;
        if (isFirst) return { ...page, objects: page.objects.filter(({ key }) => key !== nameOf(50)) };
        const whole = await bench.bucket.listPage({ ...args, token: null, startAfter: null });
        const missed = whole.objects.filter(({ key }) => key === nameOf(50));
        return { ...page, objects: [...missed, ...page.objects] };
      },
      read: (args) => bench.bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    const plan = await bench.sync({ kind: "plan", source: late });
    expect(await linesOf(bench, plan.id)).toEqual({});
    expect(plan.tally).toMatchObject({ listed: 250, removed: 0, onHold: 0 });
  });

  test("documents that a person keeps are no removals, whatever leaves them out", async () => {
    bench = await openSyncBench({ deletionPolicy: "keep" });
    putMany(bench, 0, 10);
    await bench.sync();
    const change = (data: object) =>
      bench.database.transaction(({ prisma }) => prisma.connection.updateMany({ data }));
    await change({ excludeGlobs: JSON.stringify([nameOf(3)]), revision: { increment: 1 } });
    await bench.sync();
    await change({ deletionPolicy: "remove" });
    expect((await bench.sync({ kind: "plan" })).tally.removed).toBe(0);
    expect((await bench.sync()).tally.removed).toBe(0);
  });
});

describe("applying a plan", () => {
  test("adds what it lists also where the last listing would be cut", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 300);
    await bench.sync();
    putMany(bench, 300, 310);
    const plan = await bench.sync({ kind: "plan" });
    const listingCuts = JSON.stringify([nameOf(100), nameOf(200)]);
    await bench.database.transaction(({ prisma }) => prisma.connection.updateMany({ data: { listingCuts } }));
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({ added: 10, overLimit: 0 });
  });

  test("does exactly what stands in it, removals that would wait for a person among them", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 100);
    await bench.sync();
    for (let at = 0; at < 60; at++) bench.bucket.remove(nameOf(at));
    bench.bucket.put(nameOf(70), "another text");
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
    putMany(bench, 0, 40);
    await bench.sync();
    bench.bucket.put(nameOf(1), "planned");
    bench.bucket.put(nameOf(2), "planned");
    bench.bucket.remove(nameOf(3));
    bench.bucket.remove(nameOf(4));
    putMany(bench, 40, 42);
    const plan = await bench.sync({ kind: "plan" });
    // Since then: another version, an object that is back, one that is gone, one that is new, one that has gone, too.
    bench.bucket.put(nameOf(2), "changed again");
    bench.bucket.put(nameOf(3), "back");
    bench.bucket.remove(nameOf(41));
    bench.bucket.put(nameOf(99), "not planned");
    bench.bucket.remove(nameOf(5));

    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({
      listed: 40,
      added: 1,
      updated: 1,
      unchanged: 35,
      removed: 1,
      skipped: { drifted: 3 },
    });
    const lines = await bench.database.reading(({ prisma }) =>
      prisma.runChange.findMany({ where: { runId: applied.id }, orderBy: { key: "asc" } }),
    );
    expect(lines.map(({ key, kind, reason }) => [key, kind, reason])).toEqual([
      [nameOf(1), "updated", null],
      [nameOf(2), "skipped", "drifted"],
      [nameOf(3), "skipped", "drifted"],
      [nameOf(4), "removed", null],
      [nameOf(5), "drifted", null],
      [nameOf(40), "added", null],
      [nameOf(41), "drifted", null],
      [nameOf(99), "skipped", "drifted"],
    ]);
    const objects = await bench.objects();
    expect(objects[nameOf(5)]).toBe("stored");
    expect(objects[nameOf(99)]).toBeUndefined();
    const next = await bench.sync();
    expect(next.tally).toMatchObject({ listed: 40, added: 1, updated: 2, removed: 1, unchanged: 37 });
  });

  test("what has drifted is no drift once the listing began anew and does not find it", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 220);
    await bench.sync();
    putMany(bench, 220, 221);
    const plan = await bench.sync({ kind: "plan" });
    bench.bucket.put("00000a.txt", "not planned");
    let pages = 0;
    const source: ObjectSource = {
      read: (args) => bench.bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
      listPage: async (args) => {
        const page = await bench.bucket.listPage(args);
        pages += 1;
        if (pages !== 2) return page;
        // The second page out of order: the bucket is walked again, and the object that drifted is gone by then.
        bench.bucket.remove("00000a.txt");
        return { ...page, objects: page.objects.toReversed() };
      },
    };
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id, source });
    expect(applied).toMatchObject({ status: "completed", tally: { listed: 221, added: 1, skipped: {} } });
  });

  test("a removal whose object is back as it was is reported, and what another sync has done is not", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 40);
    await bench.sync();
    bench.bucket.remove(nameOf(1));
    bench.bucket.remove(nameOf(2));
    putMany(bench, 40, 42);
    const plan = await bench.sync({ kind: "plan" });
    bench.bucket.remove(nameOf(41));
    putMany(bench, 1, 2);
    await bench.sync();
    putMany(bench, 41, 42, "another text");

    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    const lines = await bench.database.reading(({ prisma }) =>
      prisma.runChange.findMany({ where: { runId: applied.id }, orderBy: { key: "asc" } }),
    );
    expect(lines.map(({ key, kind, reason }) => [key, kind, reason])).toEqual([
      [nameOf(1), "drifted", null],
      [nameOf(41), "skipped", "drifted"],
    ]);
  });
});

describe("reading everything again", () => {
  test("reads and stores every object whatever its ETag, and a sync then finds nothing to do", async () => {
    bench = await openSyncBench();
    putMany(bench, 0, 30);
    bench.bucket.put("picture.txt", "!unsupported");
    await bench.sync();
    expect(await bench.sync({ kind: "reread" })).toMatchObject({
      tally: { listed: 31, updated: 30, unchanged: 0, skipped: { unsupported_type: 1 } },
      getRequests: 31,
    });
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 30 }, getRequests: 0 });
  });
});
