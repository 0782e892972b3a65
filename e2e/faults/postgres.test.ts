import { afterEach, beforeEach, expect, test } from "vitest";
import { startPostgres } from "../support/postgres-server.mjs";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { OWN_TAG, sampleObjects } from "./support/sample-objects";
import { waitUntil } from "./support/wait-until";

/** Of the sample's objects, so many are let through before the run stands still in its middle. */
const PASSED = 80;

/** A server of this file's own, since it is stopped in the middle of a run. */
let server: Awaited<ReturnType<typeof startPostgres>>;
let bench: FaultBench;
let bucket: string;
let connectionId: string;
let gate: Gate;

beforeEach(async () => {
  server = await startPostgres({ env: {} });
  bench = await FaultBench.open({ pageKeysMax: 80, postgresUrl: server.url });
  bucket = await bench.disturbed.bucket(await sampleObjects());
  connectionId = await bench.connect(bucket);
  gate = new Gate();
  gate.open(PASSED);
  bench.proxy.obey(gate.around());
  await bench.disturbed.client.connections.import("s3", { containerTags: [OWN_TAG] });
});
afterEach(async () => {
  await bench.close();
  await server.stop();
});

const standsStill = () =>
  waitUntil("the run stands still in its middle", () => gate.passed >= PASSED && gate.waiting > 0, tell);

async function restart(whileDown: () => Promise<unknown>): Promise<void> {
  if (server.restart === null) throw new Error("This server is not ours to stop.");
  await server.restart(whileDown);
}

async function tell(): Promise<unknown> {
  const printed = bench.disturbed.sluice.output().slice(-3_000);
  return { runs: await bench.rows.all("SELECT * FROM sync_run"), printed };
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
