import { getEventListeners } from "node:events";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { LEASE_MS, PROGRESS_MS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { type TemporaryDatabase, temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { cancelRun } from "@/lib/sync-runs/cancel-run";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import type { BatchStores } from "./batch-stores";
import { type ClaimedRun, claimNextRun } from "./claim-run";
import { dispatch } from "./dispatcher";
import { reportProgress } from "./report-progress";
import { runClaimed } from "./run-claimed";
import { benchWorker, connectBench, TESTER } from "./testing/bench-worker";
import { countKept } from "./testing/count-kept";
import type { WorkerDeps } from "./worker";

const NOW = 1_790_000_000_000;
let opened: TemporaryDatabase;
let bucket: MemorySource;
let claimed: ClaimedRun;
let ending: AbortController;

beforeEach(async () => {
  opened = temporaryDatabase();
  ending = new AbortController();
  bucket = new MemorySource();
  for (let at = 0; at < 5; at++) bucket.put(`${at}.txt`, `text ${at}`);
  const { database } = opened;
  const connectionId = await connectBench(database, {}, NOW);
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: NOW }));
  const run = await claimNextRun({ database, workerId: "lists", now: NOW });
  if (run === null) throw new Error("There was no run to claim.");
  claimed = run;
});
afterEach(async () => {
  vi.useRealTimers();
  await opened.remove();
});

/** A worker of its own: what it has spent nobody else can write down. */
const joinWorker = (changes: Partial<WorkerDeps> = {}): WorkerDeps => ({
  ...benchWorker(opened.database, () => bucket, { now: () => NOW }),
  ...changes,
});

const runRow = () =>
  opened.database.reading(({ prisma }) =>
    prisma.syncRun.findUniqueOrThrow({ where: { id: claimed.lease.runId } }),
  );

const passing = () =>
  new SluiceError({ code: "internal", effect: "retry", message: "The database cannot be reached." });

describe("what a reader has spent is on the run's account", () => {
  /** One worker lists, the other reads. */
  async function syncBy(reader: WorkerDeps): Promise<void> {
    const reading = dispatch(reader, { id: "reads", reading: new Set() }, ending.signal);
    await runClaimed(claimed, joinWorker(), ending.signal);
    await vi.waitUntil(async () => (await runRow()).getRequests === bucket.counts.read, { timeout: 5_000 });
    ending.abort(new Error("the test is over"));
    await reading;
  }

  test("when the run is canceled", async () => {
    bucket.beforeRead = async ({ key, signal }) => {
      if (key !== "4.txt") return;
      const { runId, connectionId } = claimed.lease;
      const input = { id: runId, connectionId };
      await opened.database.transaction((tx) => cancelRun({ actor: TESTER, tx, input, now: NOW }));
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    await syncBy(joinWorker());
    expect(await runRow()).toMatchObject({ status: "canceled", getRequests: 5 });
  });

  test("when the batch could not be ended at first, which is logged", async () => {
    const lines: string[] = [];
    const log = pino({ level: "warn" }, { write: (line: string) => void lines.push(line) });
    await syncBy(joinWorker({ log, stores: failingOnce(joinWorker().stores) }));
    expect(await runRow()).toMatchObject({ status: "completed", getRequests: 5 });
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual([
      "reading a batch was cut short and is tried again",
    ]);
  });

  test("when its store refuses all of it", async () => {
    bucket.beforeRead = () => {
      throw new SluiceError({ code: "source_auth", effect: "stop", message: "The key is refused." });
    };
    await syncBy(joinWorker());
    expect(await runRow()).toMatchObject({ status: "failed", getRequests: 5 });
  });

  test("but not when another worker has the batch: what is left of it is that one's", async () => {
    const taken = { leaseToken: "another:1", leaseUntil: BigInt(NOW + LEASE_MS) };
    bucket.beforeRead = () =>
      opened.database.transaction(
        async ({ prisma }) => void (await prisma.readBatch.updateMany({ data: taken })),
      );
    const reading = dispatch(joinWorker(), { id: "reads", reading: new Set() }, ending.signal);
    const running = runClaimed(claimed, joinWorker(), ending.signal);
    const isTaken = () =>
      opened.database.reading(async ({ prisma }) => (await prisma.readBatch.count({ where: taken })) > 0);
    await vi.waitUntil(isTaken, { timeout: 10_000 });
    ending.abort(new Error("the test is over"));
    await Promise.all([reading, running]);
    expect(await runRow()).toMatchObject({ status: "running", getRequests: 0 });
  });

  /** The first end of a batch comes to nothing. */
  function failingOnce(stores: BatchStores): BatchStores {
    let hasFailed = false;
    return {
      ...stores,
      open: (batch, drainCost) => {
        const store = stores.open(batch, drainCost);
        const close = async () => {
          if (hasFailed) return store.close();
          hasFailed = true;
          drainCost();
          throw passing();
        };
        return { ...store, close };
      },
    };
  }
});

describe("the progress of a run", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));

  /** Reports over a database of the test's, for a run that has asked its bucket for one page. */
  async function report(database: Database) {
    const deps = joinWorker({ database });
    const source = deps.sources.acquire(claimed.connection, claimed.lease.runId);
    const { signal } = ending;
    await source.source.listPage({ prefix: "", startAfter: null, token: null, signal });
    return reportProgress(claimed, deps, { opened: () => source, onEnd: () => {} });
  }

  test("writes the cost with the next report when one could not be written", async () => {
    let transactions = 0;
    const transaction: Database["transaction"] = async (work) => {
      transactions += 1;
      if (transactions === 1) throw passing();
      return opened.database.transaction(work);
    };
    const progress = await report({ ...opened.database, transaction });
    vi.advanceTimersByTime(PROGRESS_MS);
    await vi.waitUntil(() => transactions === 1);
    await vi.waitUntil(() => {
      vi.advanceTimersByTime(PROGRESS_MS);
      return transactions > 1;
    });
    await progress.stop();
    expect(await runRow()).toMatchObject({ listRequests: 1 });
  });

  test("is written once, not for every time it was due, after a database that was slow", async () => {
    let transactions = 0;
    let letGo = () => {};
    const going = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const transaction: Database["transaction"] = async (work) => {
      transactions += 1;
      await going;
      return opened.database.transaction(work);
    };
    const progress = await report({ ...opened.database, transaction });
    vi.advanceTimersByTime(PROGRESS_MS);
    await vi.waitUntil(() => transactions === 1);
    vi.advanceTimersByTime(20 * PROGRESS_MS);
    letGo();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(transactions).toBe(1);
    await progress.stop();
  });
});

test("a run that has ended leaves nothing on the signal of its worker", async () => {
  const before = countKept(ending.signal);
  bucket.beforePage = () => {
    throw new SluiceError({ code: "source_denied", effect: "stop", message: "No." });
  };
  await runClaimed(claimed, joinWorker(), ending.signal);
  expect(await runRow()).toMatchObject({ status: "failed" });
  expect(countKept(ending.signal)).toBe(before);
  expect(getEventListeners(ending.signal, "abort")).toEqual([]);
});
