import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putMany, removeMany } from "../support/s3-client.mjs";
import { drawWhole, SEED } from "./support/draw";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { type Killable, startWorker } from "./support/killable";
import { padded, sampleObjects } from "./support/sample-objects";
import { waitUntil } from "./support/wait-until";

/** Kills at other moments than in the middle of a sync: a worker applies a plan, or removes a connection. */
const KILLS = 5;
const ADDED = 400;

let bench: FaultBench;
let bucket: string;
let connectionId: string;
let living: Killable | null = null;

beforeEach(async () => {
  bench = await FaultBench.open({ pageKeysMax: 40 });
  bucket = await bench.disturbed.bucket(await sampleObjects());
  connectionId = await bench.connectStored(bucket);
});
afterEach(async () => {
  await living?.kill();
  living = null;
  await bench.close();
});

const pages = (from: number, count: number) =>
  Object.entries(
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `notes/${padded(from + at)}.txt`,
        `Page number ${from + at}, written anew.`,
      ]),
    ),
  );

async function queue(body: Record<string, string>): Promise<string> {
  const answer = await bench.disturbed.call(`/v3/connections/${connectionId}/sync-runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(202);
  const [newest] = await bench.disturbed.runs(connectionId);
  if (newest === undefined) throw new Error("No run is queued.");
  return newest.id;
}

async function tell(): Promise<unknown> {
  return { seed: SEED, runs: await bench.rows.all("SELECT * FROM sync_run"), printed: living?.output() };
}

test("a plan whose applying is killed again and again is applied as if nobody had", async () => {
  // Twenty go, forty are others, and many are new.
  await putMany(bench.disturbed.s3, bucket, pages(20, 40));
  await putMany(bench.disturbed.s3, bucket, pages(1_000, ADDED));
  await removeMany(
    bench.disturbed.s3,
    bucket,
    pages(0, 20).map(([key]) => key),
  );
  const planRunId = await queue({ kind: "plan" });
  const plan = await bench.ended(connectionId);
  const changes = { added: ADDED, updated: 40, removed: 20 };
  expect(plan).toMatchObject({ id: planRunId, status: "completed", tally: changes });

  const gate = new Gate();
  bench.proxy.obey(gate.around());
  await queue({ kind: "apply", planRunId });
  await bench.disturbed.sluice.stop();
  for (let life = 1; life <= KILLS; life++) {
    const requests = drawWhole(5, 60, "apply", life);
    gate.open(requests);
    living = startWorker(bench.environment());
    await waitUntil("the life has made its requests", () => gate.passed >= requests, tell);
    await sleep(drawWhole(0, 200, "apply-pause", life));
    await living.kill();
    living = null;
  }
  gate.open(Number.POSITIVE_INFINITY);
  await bench.startAgain();
  expect(await bench.ended(connectionId)).toMatchObject({ status: "completed", tally: changes });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("a connection whose removal is killed again and again goes whole, and takes nothing of another along", async () => {
  await putMany(bench.disturbed.s3, bucket, pages(1_000, ADDED));
  expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed", tally: { added: ADDED } });
  const other = await bench.connectStored(await bench.disturbed.bucket({ "kept.txt": "The heron is kept." }));
  const rowsOf = async (table: string) => {
    const [row] = await bench.rows.all(
      `SELECT count(*) AS count FROM ${table} WHERE connection_id = '${connectionId}'`,
    );
    return Number(row?.count);
  };
  // The program stops as soon as it has said yes, so that the removal is left to the lives that follow.
  await bench.disturbed.client.connections.deleteByID(connectionId);
  await bench.disturbed.sluice.stop();
  for (let life = 1; life <= KILLS; life++) {
    living = startWorker(bench.environment());
    const { output } = living;
    await waitUntil("the worker is ready", () => /the worker is ready/.test(output()), tell);
    await sleep(drawWhole(0, 60, "removal", life));
    await living.kill();
    living = null;
  }
  await bench.startAgain();
  const tables = ["document", "object", "sync_run", "connection_tag"];
  await waitUntil(
    "nothing of the connection is left",
    async () => {
      const counts = await Promise.all(tables.map(rowsOf));
      const rows = await bench.rows.all(`SELECT 1 FROM connection WHERE id = '${connectionId}'`);
      return rows.length === 0 && counts.every((count) => count === 0);
    },
    tell,
  );
  expect(await bench.storedKeys(other)).toEqual(["kept.txt"]);
  await bench.stop();
  bench.expectSound();
});
