import { CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { putMany, putObject, removeMany } from "../support/s3-client.mjs";
import { FaultBench, SENTENCE } from "./support/fault-bench";
import { afterActing, beforeAnswering } from "./support/faults";
import { nthPage } from "./support/page-faults";
import { padded, sampleObjects } from "./support/sample-objects";

/** Ten notes that stand on the second page, and five that stand on the first. */
const LATER = Array.from({ length: 10 }, (_, at) => `notes/${padded(110 + at)}.txt`);
const EARLIER = Array.from({ length: 5 }, (_, at) => `notes/${padded(10 + at)}.txt`);

let bench: FaultBench;
let bucket: string;
let sample: Awaited<ReturnType<typeof sampleObjects>>;
let objects: number;
let connectionId: string;

beforeAll(async () => {
  bench = await FaultBench.open({ pageKeysMax: 80 });
  sample = await sampleObjects();
  objects = Object.keys(sample).length;
});
beforeEach(async () => {
  bucket = await bench.disturbed.bucket(sample);
});
afterEach(() => bench.disconnect(connectionId));
afterAll(() => bench.close());

const s3 = () => bench.disturbed.s3;
const rewrite = (keys: string[], text: string) =>
  putMany(
    s3(),
    bucket,
    keys.map((key) => [key, `${text} of ${key}`]),
  );

test("objects that change between list and read are stored as they are when they are read", async () => {
  connectionId = await bench.connect(bucket);
  bench.proxy.obey(
    nthPage(
      2,
      beforeAnswering(() => rewrite(LATER, "The new timetable")),
    ),
  );
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
  expect(run.tally.skipped.vanished).toBeUndefined();
  await bench.expectUndisturbed(bucket, connectionId);
});

test("stored objects that change between list and read are updated in that run or the next", async () => {
  connectionId = await bench.connectStored(bucket);
  await rewrite([...EARLIER, ...LATER], "The timetable of winter");
  bench.proxy.obey(
    nthPage(
      2,
      beforeAnswering(() => rewrite([...EARLIER, ...LATER], "The timetable of summer")),
    ),
  );
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
  bench.proxy.obey();
  expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed" });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("an object that changes each time it is read fails as such, and the next run stores it", async () => {
  connectionId = await bench.connect(bucket);
  const restless = LATER.slice(0, 3);
  let version = 0;
  const change = afterActing(({ key }) =>
    putObject(s3(), bucket, key, `Version ${version++} of the timetable`),
  );
  bench.proxy.obey(({ kind, key }) => (kind === "object" && restless.includes(key) ? change : null));
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0 } });
  const failed = await bench.rows.all(
    `SELECT key FROM object WHERE connection_id = '${connectionId}' AND reason = 'object_changed'`,
  );
  expect(failed.map(({ key }) => key).toSorted()).toEqual(restless);
  bench.proxy.obey();
  expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed", tally: { added: 3 } });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("objects that are deleted between list and read have vanished; the next run forgets them", async () => {
  connectionId = await bench.connect(bucket);
  bench.proxy.obey(
    nthPage(
      2,
      beforeAnswering(() => removeMany(s3(), bucket, LATER)),
    ),
  );
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({
    status: "completed",
    tally: { listed: objects, skipped: { vanished: LATER.length }, removed: 0, onHold: 0 },
  });
  bench.proxy.obey();
  const next = await bench.runAgain(connectionId);
  expect(next).toMatchObject({ status: "completed", tally: { listed: objects - LATER.length, removed: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("of a stored object that changes and is deleted before it is read, only the next run's listing removes the document", async () => {
  connectionId = await bench.connectStored(bucket);
  const stored = await bench.storedKeys(connectionId);
  await rewrite(LATER, "The timetable of winter");
  bench.proxy.obey(
    nthPage(
      2,
      beforeAnswering(() => removeMany(s3(), bucket, LATER)),
    ),
  );
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({ tally: { skipped: { vanished: LATER.length }, removed: 0, onHold: 0 } });
  expect(await bench.storedKeys(connectionId)).toEqual(stored);
  bench.proxy.obey();
  const next = await bench.runAgain(connectionId);
  expect(next).toMatchObject({ status: "completed", tally: { removed: LATER.length, onHold: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("objects that come and go before the cursor, while the listing is further on, are the next run's", async () => {
  connectionId = await bench.connectStored(bucket);
  const stored = await bench.storedKeys(connectionId);
  const move = beforeAnswering(async () => {
    await removeMany(s3(), bucket, EARLIER);
    await putObject(s3(), bucket, "notes/0000-new.txt", "A heron that came late.");
  });
  bench.proxy.obey(nthPage(3, move));
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
  expect(await bench.storedKeys(connectionId)).toEqual(stored);
  bench.proxy.obey();
  const next = await bench.runAgain(connectionId);
  expect(next).toMatchObject({ status: "completed", tally: { removed: EARLIER.length, added: 1 } });
  await bench.expectUndisturbed(bucket, connectionId);
});

/** The bucket with everything in it is gone from the store. */
async function deleteBucket(): Promise<void> {
  await removeMany(s3(), bucket, Object.keys(sample));
  await s3().send(new DeleteBucketCommand({ Bucket: bucket }));
}

async function restoreBucket(): Promise<void> {
  await s3().send(new CreateBucketCommand({ Bucket: bucket }));
  await putMany(s3(), bucket, Object.entries(sample));
}

test("a bucket that is deleted in the middle of a listing fails the run, and nothing is removed", async () => {
  connectionId = await bench.connectStored(bucket);
  const stored = await bench.storedKeys(connectionId);
  bench.proxy.obey(nthPage(3, afterActing(deleteBucket)));
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({
    status: "failed",
    errorCode: "provider_unavailable",
    tally: { removed: 0, onHold: 0 },
  });
  expect(run.error).toMatch(SENTENCE);
  expect(run.error).toMatch(/^404 /);
  bench.proxy.obey();
  expect(await bench.runAgain(connectionId)).toMatchObject({
    status: "failed",
    tally: { removed: 0, onHold: 0 },
  });
  expect(await bench.storedKeys(connectionId)).toEqual(stored);
  await restoreBucket();
  expect(await bench.runAgain(connectionId)).toMatchObject({ status: "completed", tally: { removed: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
});

test("a bucket that is deleted while its objects are read fails the run, and what was stored stays", async () => {
  connectionId = await bench.connect(bucket);
  bench.proxy.obey(({ kind, count }) =>
    kind === "object" && count === 150 ? afterActing(deleteBucket) : null,
  );
  const run = await bench.runAgain(connectionId);
  expect(run).toMatchObject({
    status: "failed",
    errorCode: "provider_unavailable",
    tally: { removed: 0, onHold: 0 },
  });
  const stored = await bench.storedKeys(connectionId);
  expect(stored.length).toBeGreaterThan(50);
  await restoreBucket();
  bench.proxy.obey();
  const next = await bench.runAgain(connectionId);
  expect(next).toMatchObject({ status: "completed", tally: { listed: objects, removed: 0, onHold: 0 } });
  await bench.expectUndisturbed(bucket, connectionId);
});
