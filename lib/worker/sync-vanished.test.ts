import { afterEach, beforeEach, expect, test } from "vitest";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("stays.txt", "one that stays");
});
afterEach(() => bench.remove());

const shown = async () =>
  Object.fromEntries((await bench.documents()).map((row) => [row.key, [row.status, row.isStale]]));

test.each([
  { what: "stored text", first: "text", kept: ["done", true] },
  { what: "failed and has no text", first: "!fail", kept: ["failed", false] },
])(
  "of an object that is gone when it is read, a document that $what stays until a listing proves it",
  async ({ first, kept }) => {
    bench.bucket.put("a.txt", first);
    await bench.sync();
    bench.bucket.put("a.txt", "a newer version");
    bench.bucket.beforeRead = ({ key }) => {
      if (key === "a.txt") bench.bucket.remove("a.txt");
    };
    expect(await bench.sync()).toMatchObject({ tally: { skipped: { vanished: 1 }, removed: 0 } });
    expect(await shown()).toEqual({ "a.txt": kept, "stays.txt": ["done", false] });

    expect(await bench.sync()).toMatchObject({ tally: { listed: 1, unchanged: 1, removed: 1 } });
    expect(await shown()).toEqual({ "stays.txt": ["done", false] });
    expect(await bench.sync()).toMatchObject({ tally: { listed: 1, unchanged: 1, removed: 0 } });
  },
);
