import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  BATCHES_OF_CONNECTION,
  FETCH_CONCURRENCY,
  PROGRESS_MS,
  READ_BATCH_OBJECTS_MAX,
  READ_WATCH_MS,
} from "@/lib/core/limits";
import { type TemporaryDatabase, temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { cancelRun } from "@/lib/sync-runs/cancel-run";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { benchWorker, connectBench, TESTER } from "./testing/bench-worker";
import { work } from "./worker";

let opened: TemporaryDatabase;
let ending: AbortController;
let working: Promise<void>;
let bucket: MemorySource;
let connectionId: string;
const NOW = 1_790_000_000_000;
const CANCELED_WITHIN_MS = 2_000;

/** Reads that hang until they are stopped. */
const reads = { hanging: 0, stopped: 0 };

beforeEach(async () => {
  opened = temporaryDatabase();
  ending = new AbortController();
  bucket = new MemorySource();
  reads.hanging = 0;
  reads.stopped = 0;
  // As many batches as a connection may have read at once, and more.
  for (let at = 0; at < READ_BATCH_OBJECTS_MAX * 6; at++) bucket.put(`${at}.txt`, `text ${at}`);
  bucket.beforeRead = ({ signal }) => {
    reads.hanging += 1;
    return new Promise((_, reject) =>
      signal.addEventListener("abort", () => {
        reads.stopped += 1;
        reject(signal.reason);
      }),
    );
  };
  connectionId = await connectBench(opened.database, { documentLimit: 10_000 }, NOW);
  working = work(
    benchWorker(opened.database, () => bucket, { now: () => NOW }),
    ending.signal,
  );
});
afterEach(async () => {
  ending.abort(new Error("the test is over"));
  await working;
  await opened.remove();
});

async function enqueue(): Promise<string> {
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await opened.database.transaction((tx) => enqueueRun({ tx, input, now: NOW }));
  const run = await opened.database.reading(({ prisma }) =>
    prisma.syncRun.findFirstOrThrow({ where: { connectionId, status: "queued" } }),
  );
  return run.id;
}

const statusOf = (id: string) =>
  opened.database.reading(
    async ({ prisma }) => (await prisma.syncRun.findUniqueOrThrow({ where: { id } })).status,
  );

/** Until every place of the connection hangs. */
async function untilStuck(): Promise<void> {
  const places = FETCH_CONCURRENCY * BATCHES_OF_CONNECTION;
  await vi.waitUntil(() => reads.hanging === places, { timeout: 10_000 });
}

test("a canceled run stops with all its reads, and the next one reads at once", async () => {
  const first = await enqueue();
  await untilStuck();
  const input = { id: first, connectionId };
  await opened.database.transaction((tx) => cancelRun({ actor: TESTER, tx, input, now: NOW }));
  const second = await enqueue();
  bucket.beforeRead = null;
  const isOver = async () => (await statusOf(first)) === "canceled" && reads.stopped === reads.hanging;
  await vi.waitUntil(isOver, { timeout: 10_000, interval: 20 });
  await vi.waitUntil(async () => (await statusOf(second)) === "completed", { timeout: 15_000 });
});

test("so do the reads of a run whose connection was changed", async () => {
  const first = await enqueue();
  await untilStuck();
  await opened.database.transaction(({ prisma }) =>
    prisma.connection.updateMany({ data: { revision: { increment: 1 } } }),
  );
  bucket.beforeRead = null;
  const isOver = async () => (await statusOf(first)) === "canceled" && reads.stopped === reads.hanging;
  await vi.waitUntil(isOver, { timeout: 10_000, interval: 20 });
});

test("that it is to end is asked often enough for a run to stop within two seconds", () => {
  expect(PROGRESS_MS + READ_WATCH_MS).toBeLessThan(CANCELED_WITHIN_MS);
});
