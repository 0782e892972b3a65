import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ObjectSource } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
});
afterEach(() => bench.remove());

const { signal } = new AbortController();
const list = (source: ObjectSource) => source.listPage({ prefix: "", startAfter: null, token: null, signal });
const read = async (source: ObjectSource) => {
  const [object] = (await list(bench.bucket)).objects;
  if (object !== undefined) await source.read({ object, bytesMax: 1_000, signal });
};

describe("a sync in which a transaction held a network call", () => {
  /** Every transaction of the worker waits for what it asks of the bucket, and hides how that ended. */
  const askInside = (ask: (source: ObjectSource) => Promise<unknown>) => {
    const { transaction } = bench.database;
    bench.database.transaction = (work) =>
      transaction(async (tx) => {
        await ask(bench.source).catch(() => undefined);
        return work(tx);
      });
  };

  test.each<[string, (source: ObjectSource) => Promise<unknown>, string]>([
    ["lists", list, 'A transaction held a network call: a page of "".'],
    ["reads", read, "A transaction held a network call: the object a.txt."],
  ])("is refused by the bench when it %s", async (_what, ask, message) => {
    askInside(ask);
    await expect(bench.sync()).rejects.toThrow(message);
  });

  test("is refused when it only lists", async () => {
    askInside(list);
    await expect(bench.listOnly()).rejects.toThrow("A transaction held a network call");
  });
});

test("what a transaction has begun may ask the bucket when it is over", async () => {
  let end = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begun: Promise<unknown>[] = [];
  await bench.database.transaction(async () => {
    begun.push(over.then(() => list(bench.source)));
  });
  end();
  await Promise.all(begun);
  expect(await bench.sync()).toMatchObject({ tally: { added: 1 } });
});
