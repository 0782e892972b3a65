import { afterEach, expect, test } from "vitest";
import { BYTES_IN_FLIGHT_MAX, OBJECT_BYTES_MAX } from "@/lib/core/limits";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
afterEach(() => bench.remove());

test("a worker never has more bytes of objects in memory than its bound, however many it reads", async () => {
  bench = await openSyncBench({}, () => ({ outcome: "unsupported", detected: "text/large" }));
  const large = new Uint8Array(OBJECT_BYTES_MAX);
  const count = Math.floor(BYTES_IN_FLIGHT_MAX / OBJECT_BYTES_MAX) + 2;
  for (let at = 0; at < count; at++) bench.bucket.put(`${at}.txt`, large, { etag: `version ${at}` });
  let underWay = 0;
  let most = 0;
  bench.bucket.beforeRead = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setTimeout(resolve, 20));
    underWay -= 1;
  };
  expect(await bench.sync()).toMatchObject({
    status: "completed",
    tally: { skipped: { unsupported_type: count } },
  });
  expect(most * OBJECT_BYTES_MAX).toBeLessThanOrEqual(BYTES_IN_FLIGHT_MAX);
});
