import { afterEach, expect, test } from "vitest";
import { type Sluice, startSluice } from "../support/start-sluice.mjs";
import { S3Gate } from "./support/s3-gate";
import { until } from "./support/until";
import { type WireRun, Workbench } from "./support/workbench";

const OBJECTS = 600;
/** So many objects pass before the gate closes: the run is in its middle. */
const PASSED = 250;

const open: { close(): Promise<unknown> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

function manyObjects(): Record<string, string> {
  const keys = Array.from({ length: OBJECTS }, (_, at) => `files/${String(at).padStart(4, "0")}.txt`);
  return Object.fromEntries(
    keys.map((key) => [key, `Everything about number ${key}: a heron, a reed, a pond.`]),
  );
}

/** A connection whose first run has stopped in its middle, waiting for objects. */
async function runInItsMiddle() {
  const bench = await Workbench.open();
  open.push({ close: () => bench.close() });
  const gate = new S3Gate(bench.server.endpoint);
  const endpoint = await gate.open();
  open.push({ close: () => gate.close() });
  const bucket = await bench.bucket(manyObjects());
  gate.letThrough(PASSED);
  const { id } = await bench.client.connections.create("s3", {
    metadata: bench.metadata(bucket, { endpoint }),
    containerTags: ["resumed"],
  });
  const run = await until("the run waits in its middle and has stored something", async () => {
    const [newest] = await bench.runs(id);
    return newest !== undefined && newest.tally.added > 0 && gate.waiting > 0 && newest;
  });
  expect(run.status).toBe("running");
  expect(run.tally.added).toBeLessThan(OBJECTS);
  return { bench, gate, id, run };
}

/** Starts the same program on the same data again; the bench's client finds it at the same address. */
async function startAgain({ sluice }: Workbench): Promise<Sluice> {
  const { dataDir, port, apiKey } = sluice;
  const again = await startSluice({ dataDir, port, env: { SLUICE_API_KEY: apiKey } });
  open.push({ close: () => again.stop() });
  return again;
}

/** The end state of a run that nothing disturbed, in the words in which a disturbed one must repeat it. */
async function expectUndisturbedEnd(bench: Workbench, id: string, run: WireRun): Promise<void> {
  const ended = await bench.settled(id);
  expect(ended.id).toBe(run.id);
  expect(ended).toMatchObject({ status: "completed", itemsFailed: 0, error: null });
  expect(ended.tally).toMatchObject({ listed: OBJECTS, added: OBJECTS, failed: 0, removed: 0, onHold: 0 });
  expect(await bench.runs(id)).toHaveLength(1);
  const stored = await bench.documentsByKey(["resumed"]);
  const contents = [...stored.values()].map(({ filepath, content }) => [filepath, content] as const);
  expect(Object.fromEntries(contents)).toEqual(manyObjects());
  const one = await bench.client.search.documents({ q: '"files/0599.txt"', containerTags: ["resumed"] });
  expect(one.results[0]?.metadata).toMatchObject({ key: "files/0599.txt" });
}

test("after a kill in its middle the same run goes on and ends as if nothing had happened", async () => {
  const { bench, gate, id, run } = await runInItsMiddle();
  await bench.sluice.kill();
  gate.letThrough(Number.POSITIVE_INFINITY);
  gate.forget();
  await startAgain(bench);
  await expectUndisturbedEnd(bench, id, run);
  expect(gate.objects.length).toBeLessThan(OBJECTS);
  const second = await bench.importOnce(id, "resumed");
  expect(second.tally).toMatchObject({ listed: OBJECTS, unchanged: OBJECTS, added: 0, updated: 0 });
});

test("asked to end in the middle of a run it ends well within ten seconds, and the same run goes on later", async () => {
  const { bench, gate, id, run } = await runInItsMiddle();
  expect(await bench.sluice.stop()).toBe(0);
  gate.letThrough(Number.POSITIVE_INFINITY);
  gate.forget();
  await startAgain(bench);
  await expectUndisturbedEnd(bench, id, run);
  expect(gate.objects.length).toBeLessThan(OBJECTS);
});
