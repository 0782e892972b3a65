import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { putMany, removeMany } from "../support/s3-client.mjs";
import { draw, drawWhole, SEED } from "./support/draw";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { type Killable, startProduct, startWorker } from "./support/killable";
import { startAfterIgnored } from "./support/page-faults";
import { padded, sampleObjects } from "./support/sample-objects";
import { waitUntil } from "./support/wait-until";

const OBJECTS = 2_000;
const KILLS = 50;
/** Requests that a life gets through at most before it is killed: with all lives the run is never over too soon. */
const REQUESTS_A_LIFE_MAX = 68;
/** After its last request a life has up to so long to store what it read. */
const PAUSE_MAX_MS = 250;
const START_MAX_MS = 600;
/** Fifty starts take two minutes, and longer on a machine that does other things, too. */
const TEST_MAX_MS = 10 * 60_000;

let bench: FaultBench;
const alive: Killable[] = [];

afterEach(async () => {
  for (const one of alive.splice(0)) await one.kill();
  await bench.close();
});

/** How the nth life comes to its end: after so many requests, or at some moment of its start; then a pause. */
function momentOf(life: number): { requests: number | null; pauseMs: number } {
  if (life % 10 === 3) return { requests: null, pauseMs: drawWhole(0, START_MAX_MS, "start", life) };
  const requests = drawWhole(1, REQUESTS_A_LIFE_MAX, "requests", life);
  return { requests, pauseMs: drawWhole(0, PAUSE_MAX_MS, "pause", life) };
}

async function isRunning(connectionId: string): Promise<boolean> {
  const rows = await bench.rows.all(
    `SELECT 1 FROM sync_run WHERE connection_id = '${connectionId}' AND status IN ('queued', 'running')`,
  );
  return rows.length > 0;
}

async function tell(): Promise<unknown> {
  const runs = await bench.rows.all(
    "SELECT id, status, error, tally, lease_token, lease_until FROM sync_run",
  );
  return { seed: SEED, runs, printed: alive.map((one) => one.output()) };
}

/** Waits for the life's moment. The run must still have work to do. */
async function reach(gate: Gate, connectionId: string, life: number): Promise<void> {
  const { requests, pauseMs } = momentOf(life);
  if (requests !== null) {
    await waitUntil(
      `the life before kill ${life} has made ${requests} requests`,
      async () => gate.passed >= requests || !(await isRunning(connectionId)),
      tell,
    );
  }
  await sleep(pauseMs);
  if (!(await isRunning(connectionId)))
    throw new Error(`The run was over before kill ${life}; seed ${SEED}.`);
}

/** Every fifth life is the whole product; of every second of these the worker alone is killed, and it lives on. */
function startLife(life: number): Killable {
  return life % 5 === 0 ? startProduct(bench.environment()) : startWorker(bench.environment());
}

/** The worker's pid by its own last word, as long as it lives. */
async function workerPid(): Promise<number> {
  const [row] = await bench.rows.all("SELECT pid FROM worker_heartbeat ORDER BY started_at DESC LIMIT 1");
  return Number(row?.pid);
}

/** Kills the worker of a product that lives on; its supervisor starts another. */
async function killWorkerAlone(): Promise<void> {
  const pid = await workerPid();
  process.kill(pid, "SIGKILL");
  await waitUntil("the supervisor has started another worker", async () => (await workerPid()) !== pid, tell);
}

/** What is in the bucket at the end, and what the run that is killed has to do for it. */
async function prepareRun(): Promise<{ bucket: string; connectionId: string; gate: Gate }> {
  const sample = await sampleObjects(0);
  const first = Object.fromEntries(
    Array.from({ length: 100 }, (_, at) => [`first/${padded(at)}.txt`, `First ${at}.`]),
  );
  const bucket = await bench.disturbed.bucket(first);
  const connectionId = await bench.connectStored(bucket);
  const keys = Object.keys(first);
  await removeMany(bench.disturbed.s3, bucket, keys.slice(0, 20));
  const count = OBJECTS - Object.keys(sample).length - 80;
  const added = Array.from({ length: count }, (_, at) => [`notes/${padded(at)}.txt`, noteText(at)] as const);
  const changed = keys.slice(20, 50).map((key) => [key, `Changed: ${key}, by the timetable.`] as const);
  await putMany(bench.disturbed.s3, bucket, [...Object.entries(sample), ...added, ...changed]);
  const gate = new Gate();
  bench.proxy.obey(gate.around());
  await bench.disturbed.client.connections.import("s3", { containerTags: ["faults"] });
  await bench.disturbed.sluice.stop();
  return { bucket, connectionId, gate };
}

/** Some are long enough to have several chunks. */
function noteText(at: number): string {
  const text = `A note on page number ${at} of the book. `;
  return draw("long", at) < 0.05 ? text.repeat(120) : text;
}

test(
  "a run of 2,000 objects whose worker is killed 50 times ends as if nobody had",
  async () => {
    bench = await FaultBench.open({ pageKeysMax: 250 });
    const { bucket, connectionId, gate } = await prepareRun();
    for (let life = 1; life <= KILLS; life++) {
      gate.open(momentOf(life).requests ?? Number.POSITIVE_INFINITY);
      const living = alive.pop() ?? startLife(life);
      alive.push(living);
      await reach(gate, connectionId, life);
      if (life % 10 === 5) await killWorkerAlone();
      else {
        await living.kill();
        alive.pop();
      }
    }

    gate.open(Number.POSITIVE_INFINITY);
    await bench.startAgain();
    const run = await bench.ended(connectionId);
    expect(run).toMatchObject({
      status: "completed",
      error: null,
      tally: { listed: OBJECTS, updated: 30, unchanged: 50, removed: 20, onHold: 0 },
    });
    // The empty run of the connecting, the first objects, and the one run that was killed so often.
    expect(await bench.disturbed.runs(connectionId)).toHaveLength(3);
    await bench.expectUndisturbed(bucket, connectionId);
    await bench.stop();
    bench.expectSound();
  },
  TEST_MAX_MS,
);

test("a store that does not know StartAfter is never resumed by key: after kills nothing is lost or removed", async () => {
  bench = await FaultBench.open({ pageKeysMax: 40 });
  const sample = await sampleObjects();
  const bucket = await bench.disturbed.bucket(sample);
  const connectionId = await bench.connectStored(bucket);
  const gate = new Gate();
  bench.proxy.obey(gate.around(startAfterIgnored));
  await bench.disturbed.client.connections.import("s3", { containerTags: ["faults"] });
  await bench.disturbed.sluice.stop();
  for (let life = 1; life <= 3; life++) {
    gate.open(life);
    const living = startWorker(bench.environment());
    alive.push(living);
    await waitUntil("the life has asked for its pages", () => gate.passed >= life, tell);
    await sleep(drawWhole(0, PAUSE_MAX_MS, "ignored", life));
    await living.kill();
    alive.pop();
  }
  gate.open(Number.POSITIVE_INFINITY);
  await bench.startAgain();
  const run = await bench.ended(connectionId);
  const listed = Object.keys(sample).length;
  expect(run).toMatchObject({ status: "completed", tally: { listed, added: 0, removed: 0, onHold: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
});
