import { afterAll, beforeAll, expect, test } from "vitest";
import { ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Database } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { findBrokenStagings, findOldChanges, findOldRuns } from "./sweeps";

let database: Database;
let remove: () => Promise<void>;

const ENDED_BEFORE = 100;
const PLANNED_BEFORE = 200;
const ended = (at: number, more: object = {}) => ({ status: "completed", completedAt: BigInt(at), ...more });
/** Those with a name in capitals are the ones that are old. */
const RUNS: Record<string, object> = {
  "00 OLD": ended(99),
  "01 new": ended(100),
  "02 new": ended(150, { kind: "sync" }),
  "03 new plan": ended(200, { kind: "plan" }),
  "04 OLD PLAN": ended(199, { kind: "plan" }),
  "05 plan that is applied": ended(199, { kind: "plan" }),
  "06 applies": { kind: "apply", planRunId: "05 plan that is applied", status: "queued" },
  "07 OLD, HAS FAILED": ended(99, { status: "failed" }),
  "08 OLD, WAS CANCELED": ended(99, { status: "canceled" }),
  "09 runs": { status: "running" },
};
const NAMES = Object.keys(RUNS);
const OLD = NAMES.filter((name) => name.includes("OLD"));

beforeAll(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma }) => {
    await prisma.connection.create({ data: connection("c") });
    await prisma.syncRun.createMany({
      data: [...NAMES, "OLD, without changes"].map((id) => ({
        ...syncRun(id, "c"),
        ...(RUNS[id] ?? ended(99)),
      })),
    });
    await prisma.runChange.createMany({
      data: NAMES.flatMap((runId) =>
        ["a", "b", "c"].map((key) => ({ runId, key, kind: "added", attempt: 0, at: 1n })),
      ),
    });
    await prisma.stagedObject.createMany({
      data: ["00 OLD", "09 runs", "10 long gone"].map((runId) => ({
        runId,
        key: "a",
        etag: "1",
        sizeBytes: 1n,
        lastModified: 1n,
        storageClass: "STANDARD",
      })),
    });
  });
});
afterAll(() => remove());

test.each([1, 2, 3, NAMES.length, NAMES.length + 1, ROWS_A_SWEEP_MAX])(
  "old runs with changes are found among the others, when %i are looked at together",
  async (runsMax) => {
    const args = { endedBefore: ENDED_BEFORE, plannedBefore: PLANNED_BEFORE, runsMax };
    const find = (countMax: number) => database.reading((tx) => findOldChanges(tx, args, countMax));
    expect((await find(OLD.length + 1)).sort()).toEqual(OLD);
    for (const countMax of [1, 2, OLD.length]) expect(await find(countMax)).toHaveLength(countMax);
  },
);

test("the ids of old runs are found, with changes or without, whatever they ended as", async () => {
  const find = (endedBefore: number, countMax = 100) =>
    database.reading((tx) => findOldRuns(tx, endedBefore, countMax));
  expect((await find(ENDED_BEFORE)).sort()).toEqual(
    ["00 OLD", "07 OLD, HAS FAILED", "08 OLD, WAS CANCELED", "OLD, without changes"].sort(),
  );
  expect(await find(ENDED_BEFORE, 2)).toHaveLength(2);
  expect(await find(99)).toEqual([]);
});

test("of what was put aside, only what a running run reads is not broken", async () => {
  const find = (countMax: number) => database.reading((tx) => findBrokenStagings(tx, countMax));
  expect((await find(10)).sort()).toEqual(["00 OLD", "10 long gone"]);
  expect(await find(1)).toHaveLength(1);
});
