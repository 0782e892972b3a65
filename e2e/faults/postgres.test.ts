import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { startPostgres } from "../support/postgres-server.mjs";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { type Killable, startWorker } from "./support/killable";
import { createDatabase } from "./support/rows";
import { OWN_TAG, sampleObjects } from "./support/sample-objects";
import { waitUntil } from "./support/wait-until";

/** Of the sample's objects, so many are let through before the run stands still in its middle. */
const PASSED = 80;

/** A server of this file's own, since it is stopped in the middle of runs. */
let server: Awaited<ReturnType<typeof startPostgres>>;
let bench: FaultBench;
let bucket: string;
let objects: number;
let connectionId: string;
let gate: Gate;
const alive: Killable[] = [];

beforeAll(async () => {
  server = await startPostgres({ env: {} });
});
afterAll(() => server.stop());

beforeEach(async () => {
  bench = await FaultBench.open({ pageKeysMax: 80, databaseUrl: await createDatabase(server.url) });
  const sample = await sampleObjects();
  objects = Object.keys(sample).length;
  bucket = await bench.disturbed.bucket(sample);
  connectionId = await bench.connect(bucket);
  gate = new Gate();
  gate.open(PASSED);
  bench.proxy.obey(gate.around());
  await bench.disturbed.client.connections.import("s3", { containerTags: [OWN_TAG] });
});
afterEach(async () => {
  for (const one of alive.splice(0)) await one.kill();
  await bench.close();
});

const standsStill = () =>
  waitUntil("the run stands still in its middle", () => gate.passed >= PASSED && gate.waiting > 0, tell);

async function restart(whileDown: () => Promise<unknown>): Promise<void> {
  if (server.restart === null) throw new Error("This server is not ours to stop.");
  await server.restart(whileDown);
}

async function tell(): Promise<unknown> {
  return { runs: await bench.rows.all("SELECT * FROM sync_run"), printed: alive.map((one) => one.output()) };
}

test("a database that is stopped and started twice in the middle of a run: health says so, and the run ends", async () => {
  const { url } = bench.disturbed.sluice;
  const health = async () => (await fetch(`${url}/api/health`)).status;
  for (const allowed of [PASSED, Number.POSITIVE_INFINITY]) {
    await standsStill();
    expect(await health()).toBe(200);
    gate.passed = 0;
    await restart(async () => {
      gate.allow(allowed);
      await waitUntil("health says that the database is gone", async () => (await health()) === 503);
    });
    await waitUntil("health is well again", async () => (await health()) === 200, tell);
  }
  const run = await bench.ended(connectionId);
  if (run.status === "failed") {
    expect(run.error, bench.disturbed.sluice.output().slice(-3_000)).toMatch(/database/);
    expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
  }
  await bench.expectUndisturbed(bucket, connectionId);
});

const workerRow = z.object({ id: z.string(), pid: z.coerce.number() });

test("of two workers the one that holds the run is killed in its middle; the other ends the same run", async () => {
  await bench.disturbed.sluice.stop();
  gate.open(PASSED);
  alive.push(startWorker(bench.environment()), startWorker(bench.environment()));
  const workers = async () =>
    workerRow.array().parse(await bench.rows.all("SELECT id, pid FROM worker_heartbeat"));
  await waitUntil("both workers live", async () => (await workers()).length === 2, tell);
  await standsStill();
  const [run] = await bench.rows.all("SELECT id, lease_token FROM sync_run WHERE status = 'running'");
  const holder = (await workers()).find(({ id }) => String(run?.lease_token).startsWith(`${id}:`));
  const killed = alive.find(({ pid }) => pid === holder?.pid);
  if (killed === undefined) throw new Error(`Nobody known holds ${JSON.stringify(run)}.`);
  gate.open(Number.POSITIVE_INFINITY);
  await killed.kill();
  await waitUntil(
    "the other worker has ended the run",
    async () => (await bench.rows.all("SELECT 1 FROM sync_run WHERE status = 'completed'")).length === 2,
    tell,
  );
  await bench.startAgain();
  expect(await bench.ended(connectionId)).toMatchObject({
    id: run?.id,
    status: "completed",
    tally: { listed: objects, removed: 0 },
  });
  await bench.expectUndisturbed(bucket, connectionId);
});
