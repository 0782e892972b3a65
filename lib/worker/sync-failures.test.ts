import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunView } from "@/lib/sync-runs/schema";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  bench.bucket.put("good.txt", "text");
  bench.bucket.put("bad.txt", "!fail");
});
afterEach(() => bench.remove());

/** The run's failures, as they are listed. */
const failuresOf = ({ id }: RunView) =>
  bench.database.reading(({ prisma }) =>
    prisma.runChange.findMany({ where: { runId: id, kind: "failed" }, omit: { runId: true, at: true } }),
  );
const BAD = { key: "bad.txt", kind: "failed", reason: "extract_failed", attempt: 1, nextTryAt: null };

describe("the failures of a run", () => {
  test("hold what failed before and is not yet tried again, as it stands in the manifest", async () => {
    const first = await failuresOf(await bench.sync());
    expect(first).toMatchObject([{ ...BAD, stage: "extract" }]);
    for (let again = 0; again < 2; again++) {
      const run = await bench.sync();
      expect(run).toMatchObject({ tally: { unchanged: 1, failed: 1 }, getRequests: 0 });
      expect(await failuresOf(run)).toEqual(first);
    }
  });

  test("hold it once, though the listing had to begin anew", async () => {
    await bench.sync();
    const source = { ...bench.bucket, listPage: reversedOnce() };
    const run = await bench.sync({ source: Object.assign(Object.create(bench.bucket), source) });
    expect(run).toMatchObject({ status: "completed", tally: { listed: 2, unchanged: 1, failed: 1 } });
    expect(await failuresOf(run)).toHaveLength(1);
  });

  test("no longer hold it when its object is mended or gone", async () => {
    await bench.sync();
    bench.bucket.put("bad.txt", "mended");
    const mended = await bench.sync();
    expect(mended).toMatchObject({ tally: { added: 1, unchanged: 1, failed: 0 } });
    expect(await failuresOf(mended)).toEqual([]);
  });

  test("of a dry run hold it as well, and what fails again in applying it is no drift", async () => {
    await bench.sync();
    bench.bucket.put("new.txt", "text");
    const plan = await bench.sync({ kind: "plan" });
    expect(plan).toMatchObject({ tally: { listed: 3, added: 1, unchanged: 1, failed: 1 } });
    expect(await failuresOf(plan)).toMatchObject([{ key: "bad.txt", reason: "extract_failed" }]);
    const applied = await bench.sync({ kind: "apply", planRunId: plan.id });
    expect(applied).toMatchObject({ tally: { added: 1, unchanged: 1, failed: 1, skipped: {} } });
  });
});

/** The first page out of order, which makes the run walk the bucket anew. */
function reversedOnce() {
  let pages = 0;
  return async (args: Parameters<SyncBench["bucket"]["listPage"]>[0]) => {
    const page = await bench.bucket.listPage(args);
    pages += 1;
    return pages === 1 ? { ...page, objects: [...page.objects].reverse() } : page;
  };
}
