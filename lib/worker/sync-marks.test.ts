import { afterEach, describe, expect, test } from "vitest";
import { ABSENCE_MARK_FRESH_MS } from "@/lib/core/limits";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;

const marks = () =>
  bench.database.reading(({ prisma }) =>
    prisma.sourceObject.count({ where: { missingSince: { not: null } } }),
  );

/** Five objects of 150 go, a run marks the first four on its first page, and is cut on its second. */
async function cutBehindMarks(): Promise<void> {
  bench = await openSyncBench();
  for (let at = 0; at < 150; at++) bench.bucket.put(name(at), `text ${at}`);
  await bench.sync();
  for (const at of [1, 2, 3, 4, 149]) bench.bucket.remove(name(at));
  const stopping = new AbortController();
  bench.bucket.beforePage = async ({ token }) => {
    if (token === null) return;
    for (let tries = 0; tries < 200 && (await marks()) < 4; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stopping.abort(new Error("the worker stops"));
  };
  expect((await bench.sync({ signal: stopping.signal })).status).toBe("running");
  bench.bucket.beforePage = null;
  expect(await marks()).toBe(4);
}

const isThere = async (at: number) => (await bench.documents()).some(({ key }) => key === name(at));

describe("marks of absence that a run has made before it was cut", () => {
  test("are proved again when they are old, and an object that is back keeps its document", async () => {
    await cutBehindMarks();
    bench.bucket.put(name(2), "text 2");
    bench.clock.now += ABSENCE_MARK_FRESH_MS + 60_000;
    expect(await bench.sync({ isResumed: true })).toMatchObject({
      status: "completed",
      tally: { removed: 4 },
    });
    expect(await isThere(2)).toBe(true);
    expect(await isThere(3)).toBe(false);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 146, unchanged: 146, removed: 0 } });
  });

  test("are proof enough while they are fresh: nothing is asked again", async () => {
    await cutBehindMarks();
    const before = bench.bucket.counts.listed;
    expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { removed: 5 } });
    expect(bench.bucket.counts.listed - before).toBe(1);
  });

  test("are proved a page at a time, however many they are", async () => {
    await cutBehindMarks();
    bench.clock.now += ABSENCE_MARK_FRESH_MS + 60_000;
    const before = bench.bucket.counts.listed;
    expect(await bench.sync({ isResumed: true })).toMatchObject({ tally: { removed: 5 } });
    expect(bench.bucket.counts.listed - before).toBe(2);
  });
});
