import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startPostgres } from "../support/postgres-server.mjs";
import { FaultBench } from "./support/fault-bench";
import { Gate } from "./support/gate";
import { PROJECT_SERVER } from "./support/own-database";
import { OWN_TAG, padded, sampleObjects } from "./support/sample-objects";
import { openSmallDisk, type SmallDisk } from "./support/small-disk";
import { waitUntil } from "./support/wait-until";

const DISK_BYTES = 192 * 1024 * 1024;
/** What is left when the run is in its middle, and far less than what it still has to store. */
const LEFT_BYTES = 512 * 1024;
const LONG_TEXTS = 200;

let disk: SmallDisk | null = null;
let server: Awaited<ReturnType<typeof startPostgres>> | null = null;
let bench: FaultBench | null = null;

beforeAll(async () => {
  disk = await openSmallDisk(DISK_BYTES);
  if (disk !== null) bench = await openOn(disk.folder);
});
afterAll(async () => {
  await bench?.close();
  await server?.stop();
  await disk?.release();
});

/** Sluice's own file is on the disk, or all that the PostgreSQL has. */
async function openOn(folder: string): Promise<FaultBench> {
  if (PROJECT_SERVER === null)
    return FaultBench.open({ pageKeysMax: 80, dataDir: path.join(folder, "data") });
  server = await startPostgres({ env: {}, parent: folder });
  return FaultBench.open({ pageKeysMax: 80, postgresUrl: server.url });
}

test("a disk that is full in the middle of a run: it is said, nothing is corrupt, and with room again the run ends", async ({
  skip,
}) => {
  if (disk === null || bench === null) return skip("Nothing may be mounted here.");
  const sample = await sampleObjects();
  for (let at = 0; at < LONG_TEXTS; at++) sample[`notes/long-${padded(at)}.txt`] = longText(at);
  const bucket = await bench.disturbed.bucket(sample);
  const connectionId = await bench.connect(bucket);
  const gate = new Gate();
  gate.open(100);
  bench.proxy.obey(gate.around());
  await bench.disturbed.client.connections.import("s3", { containerTags: [OWN_TAG] });
  await waitUntil("the run stands still in its middle", () => gate.waiting > 0 && gate.passed >= 100);
  // Without room for its log a PostgreSQL ends itself. This one has just begun one, and refuses what it shall store.
  if (server !== null) await bench.rows.change("SELECT pg_switch_wal(); CHECKPOINT");
  await disk.fill(LEFT_BYTES);
  gate.release();

  const { sluice } = bench.disturbed;
  await waitUntil(
    "the full disk is told",
    () => /disk is full|no space/i.test(sluice.output()),
    async () => sluice.output().slice(-3_000),
  );
  expect(await bench.disturbed.runs(connectionId)).toHaveLength(2);
  await disk.makeRoom();
  const run = await bench.ended(connectionId);
  if (run.status === "failed") {
    expect(run.error, sluice.output().slice(-3_000)).toMatch(/disk|room|space/);
    expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
  }
  await bench.expectUndisturbed(bucket, connectionId);
  await sluice.stop();
  bench.expectSound();
});

/** 40 KB of which no two passages are alike. */
function longText(at: number): string {
  return Array.from(
    { length: 800 },
    (_, line) => `Line ${line} of long text ${at}, word w${at}x${line}, on reeds.`,
  ).join("\n");
}
