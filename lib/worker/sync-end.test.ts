import { afterEach, describe, expect, test, vi } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { LEASE_MS } from "@/lib/core/limits";
import { isBalanced } from "@/lib/rules/tally";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

const name = (at: number) => `${String(at).padStart(5, "0")}.txt`;
const put = (from: number, to: number) => {
  for (let at = from; at < to; at++) bench.bucket.put(name(at), `text ${at}`);
};
const ask = () =>
  bench.database.transaction(({ prisma }) =>
    prisma.syncRun.updateMany({ where: { status: "running" }, data: { cancelAskedAt: 1n } }),
  );
const batches = () => bench.database.reading(({ prisma }) => prisma.readBatch.count());

const untilAborted = (signal: AbortSignal) =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

/** Reads of keys from `at` on never come to an end by themselves. */
function hangFrom(at: number): { hanging: number } {
  const seen = { hanging: 0 };
  bench.bucket.beforeRead = async ({ key, signal }) => {
    if (key < name(at)) return;
    seen.hanging += 1;
    await untilAborted(signal);
  };
  return seen;
}

describe("a run that a person cancels", () => {
  test("ends while reads hang, keeps what is done, and the next run does the rest", async () => {
    bench = await openSyncBench();
    put(0, 40);
    const seen = hangFrom(20);
    const running = bench.sync();
    await vi.waitUntil(async () => seen.hanging > 0 && (await bench.documents()).length > 0, {
      timeout: 5_000,
    });
    await ask();
    const canceled = await running;
    expect(canceled).toMatchObject({ status: "canceled", errorCode: "canceled" });
    const { listed, added, pending } = canceled.tally;
    expect({ listed, pending }).toEqual({ listed: 40, pending: 40 - added });
    expect(added).toBe((await bench.documents()).length);
    expect((await bench.documents()).length).toBeGreaterThan(0);
    expect(await batches()).toBe(0);

    bench.bucket.beforeRead = null;
    const kept = (await bench.documents()).length;
    expect(await bench.sync()).toMatchObject({
      status: "completed",
      tally: { listed: 40, unchanged: kept, added: 40 - kept },
    });
  });

  test("removes nothing when it is canceled while it lists", async () => {
    bench = await openSyncBench();
    put(0, 300);
    await bench.sync();
    for (let at = 0; at < 10; at++) bench.bucket.remove(name(at));
    bench.bucket.beforePage = async ({ token, signal }) => {
      if (token === null) return;
      await ask();
      await untilAborted(signal);
    };
    expect(await bench.sync()).toMatchObject({ status: "canceled", tally: { removed: 0 } });
    expect(await bench.documents()).toHaveLength(300);
  });

  test("counts what it has read also when its listing has just begun anew", async () => {
    bench = await openSyncBench();
    put(0, 200);
    bench.bucket.beforePage = async ({ token, signal }) => {
      if (bench.bucket.counts.listed <= 2) {
        // The page out of order comes once the first one is read.
        if (token !== null) await vi.waitUntil(async () => (await bench.documents()).length === 100);
        return;
      }
      await ask();
      await untilAborted(signal);
    };
    const backwards: ObjectSource = {
      listPage: async (args) => {
        const page = await bench.bucket.listPage(args);
        return args.token === null ? page : { ...page, objects: page.objects.toReversed() };
      },
      read: (args) => bench.bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    expect(await bench.sync({ source: backwards })).toMatchObject({
      status: "canceled",
      tally: { listed: 100, added: 100, pending: 0 },
    });
  });
});

test("a run that fails says how many objects it has not come to", async () => {
  bench = await openSyncBench();
  put(0, 10);
  bench.bucket.beforeRead = ({ key }) => {
    if (key !== name(5)) return;
    throw new SluiceError({ code: "source_auth", effect: "stop", message: "The key is refused." });
  };
  const { status, tally } = await bench.sync();
  expect(status).toBe("failed");
  expect(tally.pending).toBe(10 - tally.added);
  expect(tally.pending).toBeGreaterThan(0);
});

test("a run whose connection is changed while it waits for what is read ends as superseded", async () => {
  bench = await openSyncBench();
  put(0, 10);
  const seen = hangFrom(0);
  const running = bench.sync();
  await vi.waitUntil(() => seen.hanging > 0, { timeout: 5_000 });
  await bench.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { revision: { increment: 1 } } }),
  );
  expect(await running).toMatchObject({ status: "canceled", errorCode: "superseded" });
  bench.bucket.beforeRead = null;
  expect(await bench.sync()).toMatchObject({ status: "completed", tally: { added: 10 } });
});

describe("what a run cost", () => {
  test("requests by kind, bytes and time by stage stand beside its tally", async () => {
    bench = await openSyncBench();
    put(0, 250);
    const run = await bench.sync();
    expect(run).toMatchObject({ listRequests: 3, getRequests: 250, retriedRequests: 0, throttledAnswers: 0 });
    const bytes = Array.from({ length: 250 }, (_, at) => `text ${at}`.length).reduce(
      (sum, size) => sum + size,
      0,
    );
    expect(run.bytesRead).toBe(bytes);
    expect(isBalanced(run.tally)).toBe(true);
    expect(Object.keys(run.stageMs)).toEqual(expect.arrayContaining(["store"]));
  });
});

describe("batches", () => {
  test("a batch whose worker died is read by another when its lease has ended, and nothing is read twice", async () => {
    bench = await openSyncBench();
    put(0, 450);
    // A worker that lists, and dies with the first batch in its hands.
    bench.bucket.beforeRead = () => {
      throw new Error("nobody reads yet");
    };
    const listing = await bench.listOnly();
    expect(await batches()).toBe(5);
    await bench.database.transaction(({ prisma }) =>
      prisma.readBatch.updateMany({
        where: { position: 0 },
        data: { leaseToken: "dead:1", leaseUntil: BigInt(bench.clock.now + LEASE_MS) },
      }),
    );
    bench.bucket.beforeRead = null;
    const running = bench.sync({ isResumed: true });
    await vi.waitUntil(async () => (await batches()) === 1, { timeout: 5_000 });
    expect(await bench.documents()).toHaveLength(350);
    bench.clock.now += LEASE_MS + 1;
    expect(await running).toMatchObject({ id: listing.id, status: "completed", tally: { added: 450 } });
    expect(bench.extracted).toHaveLength(450);
  });
});
