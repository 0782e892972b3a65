import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { draw } from "./support/draw";
import type { EndState } from "./support/end-state";
import { FaultBench, SENTENCE } from "./support/fault-bench";
import type { Fault, Rule } from "./support/fault-proxy";
import {
  announcedTooLittle,
  announcedTooMuch,
  cutBody,
  fromNth,
  halvedBody,
  htmlPage,
  onLists,
  onObjects,
  packedHtmlPage,
  resetBeforeAnswer,
  resetInBody,
  s3Error,
  sometimes,
} from "./support/faults";
import { sampleObjects } from "./support/sample-objects";

let bench: FaultBench;
let bucket: string;
let objects: number;
let connectionId: string;

beforeAll(async () => {
  bench = await FaultBench.open({ pageKeysMax: 60 });
  const sample = await sampleObjects();
  objects = Object.keys(sample).length;
  bucket = await bench.disturbed.bucket(sample);
});
afterEach(() => bench.disconnect(connectionId));
afterAll(() => bench.close());

/** A few notes of the sample, which nothing else is wrong with. */
const isUnlucky = (key: string) => key.startsWith("notes/") && draw(key) < 0.03;

function failedAnyway({ keys }: EndState): number {
  return Object.values(keys).filter(({ outcome }) => outcome === "failed").length;
}

/** Answers after which the same request is simply sent again. */
const PASSING: [name: string, rule: Rule][] = [
  ["500", sometimes(0.15, s3Error(500, "InternalError"), 2)],
  ["503 SlowDown", sometimes(0.04, s3Error(503, "SlowDown"), 2)],
  ["503 SlowDown with Retry-After", sometimes(0.02, s3Error(503, "SlowDown", { "retry-after": "1" }))],
  ["429", sometimes(0.04, s3Error(429, "TooManyRequests"), 2)],
  ["a page for people with 500", sometimes(0.15, htmlPage(500), 2)],
  ["a reset before the answer", sometimes(0.15, resetBeforeAnswer, 2)],
  ["a reset in the middle of an object", onObjects(sometimes(0.15, resetInBody))],
  ["a reset in the middle of a page", onLists(sometimes(1, resetInBody))],
  ["an object cut short", onObjects(sometimes(0.15, cutBody))],
  ["a page cut short", onLists(sometimes(1, cutBody))],
  ["an object shorter than announced", onObjects(sometimes(0.15, announcedTooMuch))],
  ["a page shorter than announced", onLists(sometimes(1, announcedTooMuch))],
  ["an object longer than announced", onObjects(sometimes(0.15, announcedTooLittle))],
  ["a page longer than announced", onLists(sometimes(1, announcedTooLittle))],
  ["half of an object, with a length that fits", onObjects(sometimes(0.15, halvedBody))],
  ["half of a page, with a length that fits", onLists(sometimes(1, halvedBody))],
  ["a page for people with 200 instead of an object", onObjects(sometimes(0.15, htmlPage(200)))],
  ["a packed page for people with 200 instead of an object", onObjects(sometimes(0.15, packedHtmlPage))],
  ["a page for people with 200 instead of a page of the listing", onLists(sometimes(1, htmlPage(200)))],
];

describe("what passes by itself is survived within the run", () => {
  test.each(PASSING)("%s", async (_, rule) => {
    connectionId = await bench.connect(bucket);
    bench.proxy.obey(rule);
    const run = await bench.runAgain(connectionId);
    expect(run).toMatchObject({ status: "completed", error: null, tally: { listed: objects, removed: 0 } });
    expect(bench.proxy.disturbed).toBeGreaterThan(3);
    await bench.expectUndisturbed(bucket, connectionId);
  });
});

describe("what does not pass ends the run or the object, and the next run makes it good", () => {
  const ENDING: [name: string, fault: Fault, errorCode: string][] = [
    ["503 SlowDown", s3Error(503, "SlowDown"), "rate_limited"],
    ["500", s3Error(500, "InternalError"), "provider_unavailable"],
    ["a page for people with 200", htmlPage(200), "provider_unavailable"],
    ["a page for people with 403", htmlPage(403), "auth_expired"],
    ["resets", resetBeforeAnswer, "provider_unavailable"],
  ];

  test.each(ENDING)(
    "%s from the third page on: the run fails and removes nothing",
    async (_, fault, errorCode) => {
      connectionId = await bench.connectStored(bucket);
      const stored = await bench.storedKeys(connectionId);
      bench.proxy.obey(fromNth("list", 3, fault));
      const run = await bench.runAgain(connectionId);
      expect(run).toMatchObject({ status: "failed", errorCode, tally: { removed: 0, onHold: 0 } });
      expect(run.error).toMatch(SENTENCE);
      expect(await bench.storedKeys(connectionId)).toEqual(stored);
      bench.proxy.obey();
      expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
      await bench.expectUndisturbed(bucket, connectionId);
    },
  );

  test("503 for ever for some objects: they fail, are counted, and are read by the next run", async () => {
    await expectFailedObjects(s3Error(503, "SlowDown"), "source_throttled");
  });

  test("a page for people with 403 for some objects: they fail, are counted, and are read by the next run", async () => {
    await expectFailedObjects(htmlPage(403), "object_denied");
  });

  async function expectFailedObjects(fault: Fault, reason: string): Promise<void> {
    connectionId = await bench.connect(bucket);
    bench.proxy.obey(onObjects(({ key }) => (isUnlucky(key) ? fault : null)));
    const run = await bench.runAgain(connectionId);
    const failed = await bench.rows.all(
      `SELECT key FROM object WHERE connection_id = '${connectionId}' AND reason = '${reason}'`,
    );
    const disturbed = new Set(bench.proxy.objects.filter(isUnlucky));
    expect(disturbed.size).toBeGreaterThan(1);
    expect(failed.map(({ key }) => key).toSorted()).toEqual([...disturbed].toSorted());
    expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0 } });
    expect(run.tally.failed).toBe(disturbed.size + failedAnyway(await bench.stateUndisturbed(bucket)));
    bench.proxy.obey();
    expect(await bench.runAgain(connectionId)).toMatchObject({
      status: "completed",
      tally: { added: disturbed.size },
    });
    await bench.expectUndisturbed(bucket, connectionId);
  }
});
