import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { STORE_THREAD_ENDS_MAX } from "@/lib/core/limits";
import { bundleForChild } from "@/lib/db/testing/bundle-for-child";
import { type TemporaryDatabase, temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import type { RunView } from "@/lib/sync-runs/schema";
import type { BatchStores, ClaimedBatch } from "./batch-stores";
import { claimNextRun } from "./claim-run";
import { dispatch } from "./dispatcher";
import { runClaimed } from "./run-claimed";
import { benchWorker, connectBench, TESTER } from "./testing/bench-worker";
import { openThreadedStores } from "./threaded-stores";
import type { WorkerDeps } from "./worker";

const NOW = 1_790_000_000_000;
const TEST_MS = 30_000;
let made: TemporaryDatabase;
let entry = "";
const opened: BatchStores[] = [];

beforeAll(async () => {
  made = temporaryDatabase();
  entry = await bundleForChild(path.resolve("lib/worker/store-thread.ts"), made.dataDir);
});
afterEach(async () => {
  for (const stores of opened.splice(0)) await stores.close();
});
afterAll(() => made.remove());

function stores(program: string = entry): BatchStores {
  const one = openThreadedStores({ entry: program, data: { place: made.place, logLevel: "silent" } });
  opened.push(one);
  return one;
}

async function syncOnce(deps: WorkerDeps, connectionId: string): Promise<RunView> {
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await made.database.transaction((tx) => enqueueRun({ tx, input, now: NOW }));
  const claimed = await claimNextRun({ database: made.database, workerId: "w", now: NOW });
  if (claimed === null) throw new Error("no run was claimed");
  const ending = new AbortController();
  const reading = dispatch(deps, { id: "w", reading: new Set() }, ending.signal);
  await runClaimed(claimed, deps, ending.signal);
  ending.abort();
  await reading;
  const { runId } = claimed.lease;
  return made.database.reading((tx) => getSyncRun({ actor: TESTER, tx, input: { id: runId } }));
}

it(
  "a sync that stores in a thread ends as one that stores in its own, and twice changes nothing",
  async () => {
    const bucket = new MemorySource({ pageKeys: 100 });
    for (let at = 0; at < 250; at++) bucket.put(`notes/${at}.txt`, `note number ${at}`);
    bucket.put("broken.txt", "!fail");
    const id = await connectBench(made.database, { documentLimit: 1_000 }, NOW);
    const deps = { ...benchWorker(made.database, () => bucket, { now: () => NOW }), stores: stores() };
    expect(await syncOnce(deps, id)).toMatchObject({
      status: "completed",
      tally: { listed: 251, added: 250, failed: 1 },
    });
    const hit = await made.database.reading((tx) =>
      tx.prisma.document.findFirst({ where: { objectKey: "notes/17.txt" }, select: { content: true } }),
    );
    expect(hit).toEqual({ content: "note number 17" });
    const again = await syncOnce(deps, id);
    expect(again).toMatchObject({ status: "completed", tally: { unchanged: 250, added: 0, updated: 0 } });
  },
  TEST_MS,
);

/** A claim that nobody holds. */
const lost: ClaimedBatch = {
  batch: { runId: "r", position: 0, connectionId: "c", revision: 1, leaseToken: "t" },
  settings: {
    bucket: "b",
    region: "us-east-1",
    endpoint: null,
    prefix: "",
    filters: { includeGlobs: [], excludeGlobs: [], extensions: [], sizeBytesMin: null, sizeBytesMax: null },
    containerTagRegex: null,
    tagFallback: "connection_tags",
    containerTags: ["t"],
    documentLimit: 1,
    deletionPolicy: "remove",
  },
};
const noCost = () => {
  throw new Error("nothing was read");
};

it(
  "what storing rejects with arrives with its code and its effect",
  async () => {
    const store = stores().open(lost, noCost);
    await expect(store.recordOutcomes([])).rejects.toMatchObject({
      name: "SluiceError",
      code: "lease_lost",
      effect: "stop",
    });
    expect(await store.nextToRead()).toEqual([]);
  },
  TEST_MS,
);

it(
  "what the database refuses arrives as a refusal of that document alone",
  async () => {
    const id = await connectBench(made.database, {}, NOW);
    const bucket = new MemorySource();
    bucket.put("a.txt", "twins");
    bucket.put("b.txt", "twins");
    await made.database.transaction(({ sql }) =>
      sql.run("CREATE UNIQUE INDEX no_twins ON document (content)"),
    );
    const deps = { ...benchWorker(made.database, () => bucket, { now: () => NOW }), stores: stores() };
    expect(await syncOnce(deps, id)).toMatchObject({ status: "completed", tally: { added: 1, failed: 1 } });
    const failed = await made.database.reading(({ prisma }) =>
      prisma.sourceObject.findFirst({ where: { connectionId: id, outcome: "failed" } }),
    );
    expect(failed).toMatchObject({ reason: "destination", stage: "store" });
    await made.database.transaction(({ sql }) => sql.run("DROP INDEX no_twins"));
  },
  TEST_MS,
);

it(
  "a thread that ends over a call gives it back to be tried again, and the next call has another thread",
  async () => {
    const marker = path.join(made.dataDir, "ended-once");
    const program = path.join(made.dataDir, "mortal-thread.mjs");
    writeFileSync(
      program,
      `import { existsSync, writeFileSync } from "node:fs";
     import { parentPort } from "node:worker_threads";
     parentPort.on("message", (request) => {
       if (request === null) return parentPort.close();
       if (existsSync(${JSON.stringify(marker)})) return parentPort.postMessage({ id: request.id, outcome: "done", queued: [], tookMs: 0 });
       writeFileSync(${JSON.stringify(marker)}, "");
       throw new Error("out of luck");
     });`,
    );
    const store = stores(program).open(lost, noCost);
    await expect(store.nextToRead()).rejects.toMatchObject({ code: "internal", effect: "retry" });
    expect(await store.nextToRead()).toEqual([]);
  },
  TEST_MS,
);

it(
  "a thread that always ends before it has stored anything ends the run in time, and says so",
  async () => {
    const program = path.join(made.dataDir, "stillborn-thread.mjs");
    writeFileSync(program, `throw new Error("out of luck");`);
    const one = stores(program);
    const other: ClaimedBatch = { ...lost, batch: { ...lost.batch, runId: "another" } };
    const ask = (claimed: ClaimedBatch) =>
      one
        .open(claimed, noCost)
        .nextToRead()
        .catch((thrown: unknown) => thrown);
    const passing = { code: "internal", effect: "retry" };
    for (let end = 1; end < STORE_THREAD_ENDS_MAX; end++) {
      // However many of the run's batches a thread has, its end is one.
      expect(await Promise.all([ask(lost), ask(lost)])).toMatchObject([passing, passing]);
    }
    const hopeless = { code: "internal", effect: "stop", message: expect.stringContaining("in a row") };
    expect(await Promise.all([ask(lost), ask(other)])).toMatchObject([hopeless, passing]);
  },
  TEST_MS,
);

it(
  "a thread that has stored something between its ends does not end the run",
  async () => {
    const marker = path.join(made.dataDir, "has-ended");
    const program = path.join(made.dataDir, "moody-thread.mjs");
    writeFileSync(
      program,
      `import { existsSync, rmSync, writeFileSync } from "node:fs";
     import { parentPort } from "node:worker_threads";
     parentPort.on("message", (request) => {
       if (request === null) return parentPort.close();
       const isDead = existsSync(${JSON.stringify(marker)});
       if (isDead) rmSync(${JSON.stringify(marker)}); else writeFileSync(${JSON.stringify(marker)}, "");
       if (!isDead) throw new Error("out of luck");
       parentPort.postMessage({ id: request.id, outcome: "done", queued: [], tookMs: 0 });
     });`,
    );
    const store = stores(program).open(lost, noCost);
    for (let end = 0; end <= STORE_THREAD_ENDS_MAX; end++) {
      await expect(store.recordOutcomes([])).rejects.toMatchObject({ code: "internal", effect: "retry" });
      await store.recordOutcomes([]);
    }
  },
  TEST_MS,
);

it(
  "a thread that is told to end answers what it was asked before",
  async () => {
    const one = stores();
    const store = one.open(lost, noCost);
    await store.nextToRead();
    let asked = {};
    let closing = Promise.resolve();
    // Meanwhile the thread waits for its turn to write.
    await made.database.transaction(async ({ sql }) => {
      await sql.run("UPDATE sync_run SET lease_until = lease_until");
      asked = Promise.allSettled([store.recordOutcomes([])]);
      closing = one.close();
      await new Promise((resolve) => setTimeout(resolve, 200));
    });
    await closing;
    expect(await asked).toMatchObject([{ reason: { code: "lease_lost" } }]);
  },
  TEST_MS,
);
