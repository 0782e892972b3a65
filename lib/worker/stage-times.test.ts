import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { StageTimes } from "@/lib/sync/stages";
import { asText } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
/** The clock of the stages goes on by a millisecond with every page, object, text and use of the database. */
let clockMs: number;
const goOn = () => {
  clockMs += 1;
};

beforeEach(async () => {
  clockMs = 0;
  bench = await openSyncBench({}, (name, text) => {
    goOn();
    return asText(name, text);
  });
  bench.bucket.beforePage = goOn;
  bench.bucket.beforeRead = goOn;
  const { reading, transaction } = bench.database;
  bench.database.reading = (work) => {
    goOn();
    return reading(work);
  };
  bench.database.transaction = (work) => {
    goOn();
    return transaction(work);
  };
  vi.spyOn(performance, "now").mockImplementation(() => clockMs);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.remove();
});

const stagesOf = ({ stageMs }: { stageMs: StageTimes }) => Object.keys(stageMs).sort();

test("a run says how long it listed, compared, fetched, extracted, stored and waited", async () => {
  bench.bucket.put("a.txt", "text");
  // A run that reads everything again asks for the rows of a window, and for no digest of them.
  const run = await bench.sync({ kind: "reread" });
  expect(stagesOf(run)).toEqual(["compare", "extract", "fetch", "list", "store", "wait"]);
});

test("a run that finds nothing new says how long it listed, compared, stored that, and waited", async () => {
  bench.bucket.put("a.txt", "text");
  await bench.sync();
  // The digest of the window is all that is compared.
  expect(stagesOf(await bench.sync())).toEqual(["compare", "list", "store", "wait"]);
});

test("a plan waits for nothing", async () => {
  bench.bucket.put("a.txt", "text");
  expect(stagesOf(await bench.sync({ kind: "plan" }))).toEqual(["compare", "list", "store"]);
});

test("a retry says how long it listed what is due, and waited", async () => {
  bench.bucket.put("a.txt", "!fail");
  await bench.sync();
  expect(stagesOf(await bench.sync({ kind: "retry" }))).toEqual(["wait"]);
  await bench.database.transaction(({ prisma }) =>
    prisma.sourceObject.updateMany({ data: { nextTryAt: 0n } }),
  );
  const run = await bench.sync({ kind: "retry" });
  expect(stagesOf(run)).toEqual(["extract", "fetch", "list", "store", "wait"]);
});
