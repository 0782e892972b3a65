import { expect, test } from "vitest";
import { type ErrorCode, SluiceError } from "@/lib/core/errors";
import type { MemorySource } from "@/lib/source/testing/memory-source";
import { readBatch } from "./read-batch";
import { bucketOf, NOW, openBatch } from "./testing/open-batch";

/** The first reads of the bucket end with this. */
function refuse(bucket: MemorySource, count: number, code: ErrorCode): void {
  bucket.beforeRead = () => {
    if (bucket.counts.read <= count) throw new SluiceError({ code, effect: "retry", message: "later" });
  };
}

test("an object that changes each time it is read is asked for again twice, and is due in the next run", async () => {
  const bucket = bucketOf(1);
  const { deps, outcomes, endings } = await openBatch(bucket);
  bucket.beforeRead = () => {
    bucket.put("000.txt", `version ${bucket.counts.read}`);
  };
  await readBatch(deps);
  expect(bucket.counts.read).toBe(3);
  expect(endings()).toEqual({ "000.txt": "failed object_changed at fetch" });
  expect(outcomes).toMatchObject([{ attempt: 1, nextTryAt: NOW }]);
});

test("an object that comes to rest after two changes is stored in the version that it has then", async () => {
  const bucket = bucketOf(1);
  const { deps, endings } = await openBatch(bucket);
  bucket.beforeRead = () => {
    if (bucket.counts.read <= 2) bucket.put("000.txt", `version ${bucket.counts.read}`);
  };
  await readBatch(deps);
  expect(bucket.counts.read).toBe(3);
  expect(endings()).toEqual({ "000.txt": "stored" });
});

test("a read that the client has been told to slow down with is not sent once more, and is due in the next run", async () => {
  const bucket = bucketOf(1);
  const { deps, outcomes, endings } = await openBatch(bucket);
  refuse(bucket, 1, "source_throttled");
  await readBatch(deps);
  expect(bucket.counts.read).toBe(1);
  expect(endings()).toEqual({ "000.txt": "failed source_throttled at fetch" });
  expect(outcomes).toMatchObject([{ attempt: 1, nextTryAt: NOW }]);
});

test.each([
  [2, "stored"],
  [3, "failed source_unreachable at fetch"],
])("a read that is lost %i times on its way is %s", async (count, ending) => {
  const bucket = bucketOf(1);
  const { deps, endings } = await openBatch(bucket);
  refuse(bucket, count, "source_unreachable");
  // Chance makes the pauses shorter: so, there are none.
  await readBatch({ ...deps, random: () => -0.5 });
  expect(bucket.counts.read).toBe(3);
  expect(endings()).toEqual({ "000.txt": ending });
});
