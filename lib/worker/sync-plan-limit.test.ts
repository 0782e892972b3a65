import { afterEach, describe, expect, test, vi } from "vitest";
import { nameOf, putMany } from "./testing/many-stored";
import { linesOf } from "./testing/planned-lines";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const countLines = () => bench.database.reading(({ prisma }) => prisma.runChange.count());

describe("a plan of a bucket over the limit", () => {
  /** Full, then ten gone and twenty new. */
  const exchange = async () => {
    bench = await openSyncBench({ documentLimit: 120 });
    putMany(bench, 0, 120);
    await bench.sync();
    for (let at = 0; at < 10; at++) bench.bucket.remove(nameOf(at));
    putMany(bench, 120, 140);
  };
  const exchanged = { listed: 130, added: 10, overLimit: 10, removed: 10, unchanged: 110 };

  test("gives the places that its removals free to new keys in key order, as a sync does", async () => {
    await exchange();
    const plan = await bench.sync({ kind: "plan" });
    expect(plan.tally).toMatchObject(exchanged);
    const planned = await linesOf(bench, plan.id);
    const added = Array.from({ length: 10 }, (_, at) => nameOf(120 + at));
    expect(Object.keys(planned).filter((key) => planned[key] === "added")).toEqual(added);
    expect(Object.values(planned).sort()).toEqual([...Array(10).fill("added"), ...Array(10).fill("removed")]);
    expect((await bench.sync()).tally).toEqual(plan.tally);
  });

  test("is applied as it stands: its new keys get the places, and no other key does", async () => {
    await exchange();
    const plan = await bench.sync({ kind: "plan" });
    putMany(bench, 119, 120, "another text of");
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({ ...exchanged, unchanged: 109, skipped: { drifted: 1 } });
    const keys = (await bench.documents()).map(({ key }) => key);
    expect(keys).toHaveLength(120);
    expect(keys.at(-1)).toBe(nameOf(129));
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 119, updated: 1, overLimit: 10 } });
  });

  test("gives none away where the removals turn out to be none", async () => {
    await exchange();
    const plan = await bench.sync({ kind: "plan" });
    for (let at = 0; at < 10; at++) bench.bucket.put(nameOf(at), `text ${at}`);
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({ listed: 140, added: 0, overLimit: 20, removed: 0, unchanged: 120 });
    expect(await bench.documents()).toHaveLength(120);
  });

  test("frees no place for what another run has parked: only what stands in the plan is added", async () => {
    bench = await openSyncBench({ documentLimit: 3 });
    putMany(bench, 0, 8);
    await bench.sync();
    bench.bucket.remove(nameOf(0));
    const plan = await bench.sync({ kind: "plan" });
    expect(plan.tally).toMatchObject({ added: 1, removed: 1, overLimit: 4 });
    // The key that was promised the place is gone by then; the next one has to wait for a sync.
    bench.bucket.remove(nameOf(3));
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied.tally).toMatchObject({ listed: 6, added: 0, removed: 1, overLimit: 4, unchanged: 2 });
    expect((await bench.sync()).tally).toMatchObject({ added: 1, overLimit: 3 });
  });

  test("gives the same places when another worker goes on with it", async () => {
    bench = await openSyncBench({ documentLimit: 20 });
    putMany(bench, 0, 300);
    const stopping = new AbortController();
    bench.bucket.beforePage = async ({ token }) => {
      if (token === null || bench.bucket.counts.listed < 3) return;
      await vi.waitUntil(async () => (await countLines()) > 0, { timeout: 10_000 });
      stopping.abort(new Error("the worker stops"));
    };
    expect((await bench.sync({ kind: "plan", signal: stopping.signal })).status).toBe("running");
    bench.bucket.beforePage = null;
    const plan = await bench.sync({ isResumed: true });
    expect(plan).toMatchObject({ kind: "plan", tally: { listed: 300, added: 20, overLimit: 280 } });
    expect(Object.values(await linesOf(bench, plan.id))).toEqual(Array(20).fill("added"));
  });

  test("counts no place as free that a person would be asked about first", async () => {
    bench = await openSyncBench({ documentLimit: 100 });
    putMany(bench, 0, 100);
    await bench.sync();
    for (let at = 0; at < 60; at++) bench.bucket.remove(nameOf(at));
    putMany(bench, 100, 150);
    const plan = await bench.sync({ kind: "plan" });
    expect(plan.tally).toMatchObject({ added: 0, overLimit: 50, onHold: 60, removed: 0 });
    expect(Object.values(await linesOf(bench, plan.id))).toEqual(Array(60).fill("on_hold"));
  });
});
