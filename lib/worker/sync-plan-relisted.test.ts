import { afterEach, describe, expect, test, vi } from "vitest";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { nameOf, putMany } from "./testing/many-stored";
import { linesOf } from "./testing/planned-lines";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const LIMIT = 20;
const OBJECTS = 300;

/** The bucket, whose last page is out of order once; that page comes when the windows before it are written. */
function disordered(isWritten: () => Promise<boolean>): ObjectSource {
  const { bucket } = bench;
  let isDisordered = false;
  return {
    ...bucket,
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      if (isDisordered || args.token === null || page.nextToken !== null) return page;
      isDisordered = true;
      await vi.waitUntil(isWritten, { timeout: 10_000 });
      return { ...page, objects: page.objects.toReversed() };
    },
    read: (args) => bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
}

const countLines = () => bench.database.reading(({ prisma }) => prisma.runChange.count());

describe("places, when a listing begins anew", () => {
  test("are given by a plan as if it had listed once, and so are those that removals free", async () => {
    bench = await openSyncBench({ documentLimit: LIMIT });
    putMany(bench, 100, 100 + LIMIT);
    await bench.sync();
    for (let at = 100; at < 105; at++) bench.bucket.remove(nameOf(at));
    putMany(bench, 0, 100);
    putMany(bench, 200, 300);
    // Twenty are parked, and the five that are gone stand in the plan, too.
    const isWritten = async () => (await countLines()) >= LIMIT;
    const plan = await bench.sync({ kind: "plan", source: disordered(isWritten) });
    expect(plan.tally).toMatchObject({ added: 5, removed: 5, unchanged: LIMIT - 5, overLimit: 195 });
    const planned = await linesOf(bench, plan.id);
    const added = Array.from({ length: 5 }, (_, at) => nameOf(at));
    expect(Object.keys(planned).filter((key) => planned[key] === "added")).toEqual(added);
  });

  test.each([
    // Where nothing is ever removed, no key is parked.
    { deletionPolicy: "remove", lines: LIMIT * 2 },
    { deletionPolicy: "keep", lines: LIMIT },
  ] as const)(
    "are all given by a plan of a new connection that would $deletionPolicy what is gone",
    async ({ deletionPolicy, lines }) => {
      bench = await openSyncBench({ documentLimit: LIMIT, deletionPolicy });
      putMany(bench, 0, OBJECTS);
      const isWritten = async () => (await countLines()) === lines;
      const plan = await bench.sync({ kind: "plan", source: disordered(isWritten) });
      expect(plan.tally).toMatchObject({ listed: OBJECTS, added: LIMIT, overLimit: OBJECTS - LIMIT });
      expect(Object.values(await linesOf(bench, plan.id))).toEqual(Array(LIMIT).fill("added"));
    },
  );

  test("are given once by a run that applies a plan, and by a sync", async () => {
    bench = await openSyncBench({ documentLimit: LIMIT });
    putMany(bench, 0, OBJECTS);
    const plan = await bench.sync({ kind: "plan" });
    const isWritten = async () => (await bench.documents()).length > 0;
    const source = disordered(isWritten);
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id, source });
    expect(applied.tally).toMatchObject({ listed: OBJECTS, added: LIMIT, overLimit: OBJECTS - LIMIT });
    expect(await bench.documents()).toHaveLength(LIMIT);
    await bench.database.transaction(({ prisma }) =>
      prisma.connection.updateMany({ data: { documentLimit: LIMIT * 2, listingOrder: "sorted" } }),
    );
    const isMoreWritten = async () => (await bench.documents()).length > LIMIT;
    expect(await bench.sync({ source: disordered(isMoreWritten) })).toMatchObject({
      tally: { listed: OBJECTS, added: LIMIT, unchanged: LIMIT, overLimit: OBJECTS - LIMIT * 2 },
    });
    expect(await bench.documents()).toHaveLength(LIMIT * 2);
  });
});
