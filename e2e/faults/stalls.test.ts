import { afterAll, beforeAll, expect, test } from "vitest";
import { connectTo, disconnectFrom, endedRun } from "./support/connection-steps";
import { FaultBench } from "./support/fault-bench";
import { once, stalled, stalledInBody } from "./support/faults";
import { sampleObjects } from "./support/sample-objects";

const STALL_MS = 30_000;

let bench: FaultBench;
beforeAll(async () => {
  bench = await FaultBench.open({ pageKeysMax: 80 });
});
afterAll(() => bench.close());

test("pages and objects that stall for 30 s are waited for, and no other connection waits with them", async () => {
  const sample = await sampleObjects();
  const bucket = await bench.disturbed.bucket(sample);
  const id = await bench.connect(bucket);
  const rules = [
    once("list", 2, stalled(STALL_MS)),
    once("object", 10, stalled(STALL_MS)),
    once("object", 20, stalled(STALL_MS)),
    once("object", 30, stalledInBody(STALL_MS)),
    once("object", 40, stalledInBody(STALL_MS)),
  ];
  bench.proxy.obey((asked) => rules.map((rule) => rule(asked)).find((fault) => fault !== null) ?? null);
  const run = bench.runAgain(id);

  const other = await bench.disturbed.bucket({ "a.txt": "The adder basks.", "b.txt": "The bittern booms." });
  const healthy = await connectTo(bench.disturbed, other, {});
  const ended = await endedRun(bench.disturbed, healthy, async () => bench.disturbed.runs(healthy));
  expect(ended).toMatchObject({ status: "completed", tally: { listed: 2, added: 2 } });
  expect((await bench.disturbed.runs(id))[0]?.status).toBe("running");
  await disconnectFrom(bench.disturbed, bench.rows, healthy);

  expect(await run).toMatchObject({
    status: "completed",
    error: null,
    tally: { listed: Object.keys(sample).length, removed: 0 },
  });
  expect(bench.proxy.disturbed).toBe(rules.length);
  await bench.expectUndisturbed(bucket, id);
});
