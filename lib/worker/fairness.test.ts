import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  BATCHES_OF_CONNECTION,
  CONNECTIONS_READ_AT_ONCE,
  FETCH_CONCURRENCY,
  OBJECT_BYTES_MAX,
  READ_BATCH_OBJECTS_MAX,
  RUNS_AT_ONCE,
} from "@/lib/core/limits";
import { type TemporaryDatabase, temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { benchWorker, connectBench } from "./testing/bench-worker";
import { work } from "./worker";

let opened: TemporaryDatabase;
let ending: AbortController;
let working: Promise<void>;
const buckets = new Map<string, ObjectSource>();
const NOW = 1_790_000_000_000;

beforeEach(() => {
  opened = temporaryDatabase();
  ending = new AbortController();
  buckets.clear();
});
afterEach(async () => {
  ending.abort(new Error("the test is over"));
  await working;
  await opened.remove();
});

async function connect(name: string, objectCount: number): Promise<{ id: string; bucket: MemorySource }> {
  const id = await connectBench(opened.database, { bucket: name, documentLimit: 10_000 }, NOW);
  const bucket = new MemorySource();
  for (let at = 0; at < objectCount; at++) bucket.put(`${String(at).padStart(5, "0")}.txt`, `${name} ${at}`);
  buckets.set(id, bucket);
  const input = { connectionId: id, trigger: "manual", requestedBy: "test" } as const;
  await opened.database.transaction((tx) => enqueueRun({ tx, input, now: NOW }));
  return { id, bucket };
}

const statusOf = (connectionId: string) =>
  opened.database.reading(async ({ prisma }) => {
    const run = await prisma.syncRun.findFirst({ where: { connectionId }, select: { status: true } });
    return run?.status;
  });

function startWorker(): void {
  const deps = benchWorker(
    opened.database,
    (connection) => buckets.get(connection.id) ?? new MemorySource(),
    {
      now: () => NOW,
    },
  );
  working = work(deps, ending.signal);
}

const untilAborted = ({ signal }: { signal: AbortSignal }) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("a connection whose store answers nothing does not hold up another one", async () => {
  const stuck = await connect("stuck", READ_BATCH_OBJECTS_MAX * (BATCHES_OF_CONNECTION + 2));
  let hanging = 0;
  stuck.bucket.beforeRead = ({ signal }) => {
    hanging += 1;
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  };
  startWorker();
  await vi.waitUntil(() => hanging >= FETCH_CONCURRENCY * BATCHES_OF_CONNECTION, { timeout: 10_000 });
  const well = await connect("well", READ_BATCH_OBJECTS_MAX * 3);
  await vi.waitUntil(async () => (await statusOf(well.id)) === "completed", { timeout: 15_000 });
  expect(await statusOf(stuck.id)).toBe("running");
  // No more of it is under way than its share.
  expect(hanging).toBe(FETCH_CONCURRENCY * BATCHES_OF_CONNECTION);
});

test("connections whose stores answer no read keep their places from nobody", async () => {
  let hanging = 0;
  for (let at = 1; at < CONNECTIONS_READ_AT_ONCE; at++) {
    const { bucket } = await connect(
      `stuck-${at}`,
      at <= 2 ? READ_BATCH_OBJECTS_MAX * BATCHES_OF_CONNECTION : 1,
    );
    bucket.beforeRead = (args) => {
      hanging += 1;
      return untilAborted(args);
    };
  }
  startWorker();
  await vi.waitUntil(() => hanging >= CONNECTIONS_READ_AT_ONCE + FETCH_CONCURRENCY, { timeout: 10_000 });
  const well = await connect("well", READ_BATCH_OBJECTS_MAX * 2);
  await vi.waitUntil(async () => (await statusOf(well.id)) === "completed", { timeout: 15_000 });
});

test("connections take turns: a small one is done long before a large one that came first", async () => {
  const large = await connect("large", READ_BATCH_OBJECTS_MAX * 9);
  const small = await connect("small", 50);
  let largeReadsWhenSmallWasDone = 0;
  small.bucket.beforeRead = () => {
    largeReadsWhenSmallWasDone = large.bucket.counts.read;
  };
  startWorker();
  const areDone = async () =>
    (await statusOf(large.id)) === "completed" && (await statusOf(small.id)) === "completed";
  await vi.waitUntil(areDone, { timeout: 15_000 });
  expect(largeReadsWhenSmallWasDone).toBeLessThan(READ_BATCH_OBJECTS_MAX * 6);
});

test("connections with much to read get on side by side, whichever came first", async () => {
  const batchCount = 8;
  const names = ["first", "second", "third"];
  const connected = await Promise.all(
    names.map((name) => connect(name, READ_BATCH_OBJECTS_MAX * batchCount)),
  );
  let areListed = () => {};
  const listed = new Promise<void>((resolve) => {
    areListed = resolve;
  });
  const reads = () => connected.map(({ bucket }) => bucket.counts.read);
  let readsAtTheFirstEnd: number[] | null = null;
  for (const { bucket } of connected) {
    bucket.beforeRead = async (args) => {
      await Promise.race([listed, untilAborted(args)]);
      if (Math.max(...reads()) >= READ_BATCH_OBJECTS_MAX * (batchCount - 1)) readsAtTheFirstEnd ??= reads();
    };
  }
  startWorker();
  await vi.waitUntil(async () => (await countListed()) === names.length, { timeout: 15_000 });
  areListed();
  await vi.waitUntil(() => readsAtTheFirstEnd !== null, { timeout: 15_000 });
  expect(Math.min(...(readsAtTheFirstEnd ?? []))).toBeGreaterThan((READ_BATCH_OBJECTS_MAX * batchCount) / 2);
});

const countListed = () =>
  opened.database.reading(({ prisma }) => prisma.syncRun.count({ where: { listedAt: { not: null } } }));

test("connections whose stores list nothing do not hold up the listing of another one, however many they are", async () => {
  let hanging = 0;
  for (let at = 0; at < RUNS_AT_ONCE; at++) {
    const { bucket } = await connect(`stuck-${at}`, 1);
    bucket.beforePage = async (args) => {
      hanging += 1;
      await untilAborted(args);
    };
  }
  startWorker();
  await vi.waitUntil(() => hanging === RUNS_AT_ONCE, { timeout: 10_000 });
  const well = await connect("well", 20);
  await vi.waitUntil(async () => (await statusOf(well.id)) === "completed", { timeout: 15_000 });
});

test("runs that only wait for what is read do not hold up the listing of another connection", async () => {
  for (let at = 0; at < RUNS_AT_ONCE; at++) {
    const { bucket } = await connect(`stuck-${at}`, 1);
    bucket.beforeRead = untilAborted;
  }
  startWorker();
  await vi.waitUntil(async () => (await countListed()) === RUNS_AT_ONCE, { timeout: 10_000 });
  await connect("well", 20);
  await vi.waitUntil(async () => (await countListed()) === RUNS_AT_ONCE + 1, { timeout: 10_000 });
});

test.each([
  { stuckCount: 1, underWay: 1, sizeBytes: OBJECT_BYTES_MAX },
  { stuckCount: 3, underWay: 2, sizeBytes: 1_000 },
])(
  "$stuckCount with large objects that never come do not hold up another one's of $sizeBytes bytes",
  async ({ stuckCount, underWay, sizeBytes }) => {
    let hanging = 0;
    for (let at = 0; at < stuckCount; at++) {
      const { id, bucket } = await connect(`stuck-${at}`, 20);
      bucket.beforeRead = (args) => {
        hanging += 1;
        return untilAborted(args);
      };
      buckets.set(id, listedAs(bucket, OBJECT_BYTES_MAX));
    }
    startWorker();
    await vi.waitUntil(() => hanging === underWay, { timeout: 10_000 });
    const well = await connect("well", 20);
    buckets.set(well.id, listedAs(well.bucket, sizeBytes));
    await vi.waitUntil(async () => (await statusOf(well.id)) === "completed", { timeout: 15_000 });
    expect(hanging).toBe(underWay);
  },
);

/** A bucket that says that each of its objects has so many bytes. */
function listedAs(bucket: MemorySource, sizeBytes: number): ObjectSource {
  return {
    listPage: async (args) => {
      const page = await bucket.listPage(args);
      return { ...page, objects: page.objects.map((object) => ({ ...object, sizeBytes })) };
    },
    read: (args) => bucket.read(args),
    findings: () => NOTHING_FOUND,
    close: () => {},
  };
}
