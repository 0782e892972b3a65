import { afterEach, describe, expect, test } from "vitest";
import { RETRY_KEYS_MAX } from "@/lib/core/limits";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const put = (from: number, to: number) => {
  for (let at = from; at < to; at++) bench.bucket.put(name(at), `text ${at}`);
};

describe("a retry", () => {
  /** As the verb does: the failed objects are due at once. */
  const makeDue = () =>
    bench.database.transaction(({ prisma }) =>
      prisma.sourceObject.updateMany({ where: { outcome: "failed" }, data: { nextTryAt: 0n, attempts: 0 } }),
    );

  test("asks for the failed objects alone and reads those that are there", async () => {
    bench = await openSyncBench();
    put(0, 300);
    bench.bucket.put(name(1), "!fail");
    bench.bucket.put(name(2), "!fail");
    await bench.sync();
    expect((await bench.objects())[name(1)]).toBe("failed: extract_failed");
    bench.bucket.put(name(1), "mended");
    bench.bucket.remove(name(2));
    await makeDue();
    const listedBefore = bench.bucket.counts.listed;

    const retry = await bench.sync({ kind: "retry" });
    expect(retry).toMatchObject({
      status: "completed",
      tally: { listed: 1, added: 1, removed: 0 },
      getRequests: 1,
    });
    expect(bench.bucket.counts.listed - listedBefore).toBe(2);
    const objects = await bench.objects();
    expect(objects[name(1)]).toBe("stored");
    expect(objects[name(2)]).toBe("failed: extract_failed");
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 299, removed: 1 } });
  });

  test("what failed for good is read again, though neither object nor rule has changed", async () => {
    bench = await openSyncBench();
    put(0, 10);
    bench.bucket.put(name(4), "!fail");
    await bench.sync();
    expect(await bench.sync()).toMatchObject({ getRequests: 0, tally: { failed: 1 } });
    await makeDue();
    expect(await bench.sync({ kind: "retry" })).toMatchObject({
      getRequests: 1,
      tally: { listed: 1, failed: 1 },
    });
  });

  test("of very many failures lists everything, also when another worker goes on with it", async () => {
    bench = await openSyncBench();
    for (let at = 0; at <= RETRY_KEYS_MAX; at++) bench.bucket.put(name(at), `!fail ${at}`);
    await bench.sync();
    await makeDue();
    const stopping = new AbortController();
    bench.bucket.beforePage = ({ token }) => {
      if (token !== null) stopping.abort(new Error("the worker stops"));
    };
    expect((await bench.sync({ kind: "retry", signal: stopping.signal })).status).toBe("running");
    bench.bucket.beforePage = null;
    expect(await bench.sync({ isResumed: true })).toMatchObject({
      status: "completed",
      kind: "sync",
      tally: { listed: RETRY_KEYS_MAX + 1, failed: RETRY_KEYS_MAX + 1 },
    });
  });

  test("that finds many more due when another worker goes on with it lists everything, too", async () => {
    bench = await openSyncBench();
    put(0, 20);
    for (let at = 0; at < RETRY_KEYS_MAX + 2; at++) bench.bucket.put(`fail/${name(at)}`, `!fail ${at}`);
    await bench.sync();
    await bench.database.transaction(({ prisma }) =>
      prisma.sourceObject.updateMany({ where: { key: `fail/${name(0)}` }, data: { nextTryAt: 0n } }),
    );
    const stopping = new AbortController();
    bench.bucket.beforeRead = () => stopping.abort(new Error("the worker stops"));
    expect(await bench.sync({ kind: "retry", signal: stopping.signal })).toMatchObject({ status: "running" });
    bench.bucket.beforeRead = null;
    await makeDue();
    put(20, 25);
    bench.bucket.remove(name(0));
    expect(await bench.sync({ isResumed: true })).toMatchObject({
      status: "completed",
      kind: "sync",
      tally: { listed: RETRY_KEYS_MAX + 26, added: 5, unchanged: 19, failed: RETRY_KEYS_MAX + 2, removed: 1 },
    });
  });
});
