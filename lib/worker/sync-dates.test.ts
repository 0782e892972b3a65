import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
});
afterEach(() => bench.remove());

const LONG_AGO = { lastModified: Date.UTC(2001, 0, 1) };

describe("an object whose date is long before that of everything stored", () => {
  test("is added when its key is new", async () => {
    bench.bucket.put("a.txt", "stored");
    bench.bucket.put("c.txt", "stored, too");
    await bench.sync();
    bench.bucket.put("b.txt", "copied with its old date", LONG_AGO);
    expect(await bench.sync()).toMatchObject({ tally: { listed: 3, added: 1, unchanged: 2 } });
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 3 }, getRequests: 0 });
  });

  test("is read and stored when its ETag is another one, though its size is the same", async () => {
    bench.bucket.put("a.txt", "first");
    await bench.sync();
    bench.bucket.put("a.txt", "other", LONG_AGO);
    expect(await bench.sync()).toMatchObject({ tally: { updated: 1, unchanged: 0 }, getRequests: 1 });
    expect(await bench.documents()).toMatchObject([{ content: "other", isStale: false }]);
    expect(await bench.sync()).toMatchObject({ tally: { unchanged: 1 }, getRequests: 0 });
  });
});
