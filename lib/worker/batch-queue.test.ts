import { getEventListeners } from "node:events";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TemporaryDatabase, temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { type BatchQueue, openBell } from "./batch-queue";
import { openQueue } from "./open-queue";
import { countKept } from "./testing/count-kept";

let opened: TemporaryDatabase;
let queues: BatchQueue[];
beforeEach(async () => {
  opened = temporaryDatabase();
  // Once it has answered, others may open it.
  await opened.database.reading(async () => {});
  queues = [];
});
afterEach(async () => {
  for (const queue of queues) await queue.close();
  await opened.remove();
});

const never = new AbortController().signal;

/** The queue of one more worker over the same database. */
async function join(now = () => Date.now()): Promise<BatchQueue> {
  const log = pino({ level: "silent" });
  const queue = await openQueue({ databaseUrl: opened.place.databaseUrl, log, now });
  queues.push(queue);
  return queue;
}

const announce = (queue: BatchQueue, count: number) =>
  opened.database.transaction((tx) => queue.announce(tx, count));

/** Takes until there is nothing to take, or so often. */
async function takeAll(queue: BatchQueue, timesMax: number): Promise<number> {
  let taken = 0;
  for (let time = 0; time < timesMax; time++) {
    const offers = await queue.take(4);
    for (const offer of offers) await offer.done();
    taken += offers.length;
    if (offers.length === 0) return taken;
  }
  return taken;
}

describe("the queue of batches", () => {
  test("whoever takes hears of what was announced, as often as there are batches or oftener", async () => {
    const queue = await join();
    await announce(queue, 5);
    expect(await takeAll(queue, 5)).toBeGreaterThanOrEqual(5);
  });

  test("never gives more words than were asked for", async () => {
    const queue = await join();
    await announce(queue, 9);
    expect((await queue.take(3)).length).toBeLessThanOrEqual(3);
  });

  test("a word that was followed up may be followed up again without harm", async () => {
    const queue = await join();
    await announce(queue, 1);
    const [offer] = await queue.take(1);
    await offer?.done();
    await expect(offer?.done()).resolves.not.toThrow();
  });

  test("who waits is woken in this process, and by the end of its work", async () => {
    const queue = await join();
    const waiting = queue.wait(never);
    queue.wake();
    await waiting;
    const ending = new AbortController();
    const ended = queue.wait(ending.signal);
    ending.abort(new Error("the worker stops"));
    await expect(ended).rejects.toThrow("the worker stops");
  });

  test("a wake that nobody waited for is not lost", async () => {
    const queue = await join();
    queue.wake();
    await queue.wait(never);
  });
});

describe("a bell", () => {
  test("leaves nothing on the signal of those who wait, however often they do", async () => {
    const { signal } = new AbortController();
    const bell = openBell();
    const before = countKept(signal);
    for (let time = 0; time < 20; time++) {
      const heard = bell.heard(time % 2, signal);
      if (time % 4 === 0) bell.ring();
      await heard;
    }
    expect(countKept(signal)).toBe(before);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("does not let anybody wait whose work is over", async () => {
    const over = AbortSignal.abort(new Error("the worker stops"));
    await expect(openBell().heard(60_000, over)).rejects.toThrow("the worker stops");
  });
});

describe.runIf(process.env.SLUICE_TEST_DATABASE_URL)("several workers", () => {
  test("each word goes to one of them", async () => {
    const [left, right] = [await join(), await join()];
    // The first look of each is at the rows, not at a word.
    await Promise.all([takeAll(left, 1), takeAll(right, 1)]);
    await announce(left, 20);
    const taken = await Promise.all([takeAll(left, 20), takeAll(right, 20)]);
    expect((taken[0] ?? 0) + (taken[1] ?? 0)).toBe(20);
  });

  test("a word of a transaction that came to nothing goes to none of them", async () => {
    const start = Date.now();
    const queue = await join(() => start);
    // The first look is at the rows, and there is no other before the clock goes on.
    expect(await takeAll(queue, 1)).toBe(1);
    const broken = opened.database.transaction(async (tx) => {
      await queue.announce(tx, 3);
      throw new Error("rolled back");
    });
    await expect(broken).rejects.toThrow("rolled back");
    expect(await takeAll(queue, 5)).toBe(0);
    await announce(queue, 2);
    expect(await takeAll(queue, 5)).toBe(2);
  });
});
