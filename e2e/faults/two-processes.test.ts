import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { type Killable, startProduct, startWorker } from "./support/killable";
import { ownPort } from "./support/own-port";
import { OWN_TAG, sampleObjects } from "./support/sample-objects";
import { waitUntil } from "./support/wait-until";

/** Of the sample's objects, so many are let through before the run stands still in its middle. */
const PASSED = 120;
const ASKED_OF_EACH = 10;

let bench: FaultBench;
let bucket: string;
let objects: number;
let gate: Gate;
const alive: Killable[] = [];

beforeEach(async () => {
  bench = await FaultBench.open({ pageKeysMax: 80 });
  const sample = await sampleObjects();
  objects = Object.keys(sample).length;
  bucket = await bench.disturbed.bucket(sample);
  gate = new Gate();
});
afterEach(async () => {
  for (const one of alive.splice(0)) await one.kill();
  await bench.close();
});

function begin(program: Killable): Killable {
  alive.push(program);
  return program;
}

/** Asks for a run while nothing passes, so that it is in its first page or its middle when it is looked at. */
async function beginRun(): Promise<void> {
  gate.open(PASSED);
  bench.proxy.obey(gate.around());
  await bench.disturbed.client.connections.import("s3", { containerTags: [OWN_TAG] });
}

const standsStill = () =>
  waitUntil(
    "the run stands still in its middle",
    () => gate.passed >= PASSED && gate.waiting > 0,
    async () => bench.rows.all("SELECT * FROM sync_run"),
  );

async function runsByStatus(connectionId: string): Promise<Record<string, number>> {
  const rows = await bench.rows.all(
    `SELECT status, count(*) AS n FROM sync_run WHERE connection_id = '${connectionId}' GROUP BY status`,
  );
  return Object.fromEntries(rows.map(({ status, n }) => [String(status), Number(n)]));
}

test("two products on one database: one run of a connection at a time, whoever asks, and every object is read once", async () => {
  const connectionId = await bench.connect(bucket);
  const port = await ownPort();
  const second = begin(startProduct(bench.environment(port)));
  const url = `http://127.0.0.1:${port}`;
  await waitUntil(
    "the second product is up",
    () =>
      fetch(`${url}/api/health/worker`).then(
        ({ ok }) => ok,
        () => false,
      ),
    async () => second.output(),
  );
  await waitUntil("both workers live", async () => (await workers()).length === 2, workers);
  await beginRun();
  await standsStill();

  const ask = (at: string) =>
    fetch(`${at}/v3/connections/s3/import`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${bench.disturbed.sluice.apiKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ containerTags: [OWN_TAG] }),
    });
  const asked = Array.from({ length: ASKED_OF_EACH }, () => [ask(url), ask(bench.disturbed.sluice.url)]);
  const answers = await Promise.all(asked.flat());
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(await runsByStatus(connectionId)).toEqual({ completed: 1, running: 1, queued: 1 });

  gate.release();
  const last = await waitUntil(
    "both runs are over",
    async () => (await runsByStatus(connectionId)).completed === 3 && bench.ended(connectionId),
    async () => bench.rows.all("SELECT * FROM sync_run"),
  );
  expect(last).toMatchObject({ tally: { listed: objects, added: 0, updated: 0, removed: 0 } });
  const read = bench.proxy.objects;
  expect(read.length).toBe(new Set(read).size);
  await bench.expectUndisturbed(bucket, connectionId);
  await second.kill();
  await bench.expectUndisturbed(bucket, connectionId);
});

test("of two workers on one database the one that works is killed; the other ends the same run", async () => {
  const connectionId = await bench.connect(bucket);
  await beginRun();
  await bench.disturbed.sluice.stop();
  gate.open(PASSED);
  const both = [begin(startWorker(bench.environment())), begin(startWorker(bench.environment()))];
  await waitUntil("both workers live", async () => (await workers()).length === 2, workers);
  await standsStill();
  const [run] = await bench.rows.all("SELECT id, lease_token FROM sync_run WHERE status = 'running'");
  const holder = (await workers()).find(({ id }) => String(run?.lease_token).startsWith(`${id}:`));
  const killed = both.find(({ pid }) => pid === holder?.pid);
  if (killed === undefined) throw new Error(`Nobody known holds ${JSON.stringify(run)}.`);
  gate.open(Number.POSITIVE_INFINITY);
  await killed.kill();
  await waitUntil(
    "the other worker has ended the run",
    async () => (await runsByStatus(connectionId)).completed === 2,
    async () => ({
      runs: await bench.rows.all("SELECT * FROM sync_run"),
      printed: both.map((one) => one.output()),
    }),
  );
  await bench.startAgain();
  expect(await bench.ended(connectionId)).toMatchObject({
    id: run?.id,
    status: "completed",
    tally: { listed: objects, removed: 0 },
  });
  await bench.expectUndisturbed(bucket, connectionId);
  for (const one of alive.splice(0)) await one.kill();
  await bench.stop();
  bench.expectSound();
});

const workerRow = z.object({ id: z.string(), pid: z.coerce.number() });

async function workers(): Promise<z.infer<typeof workerRow>[]> {
  return workerRow.array().parse(await bench.rows.all("SELECT id, pid FROM worker_heartbeat"));
}
