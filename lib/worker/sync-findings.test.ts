import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { NOTHING_FOUND, type ObjectSource, type SourceFindings } from "@/lib/source/source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ region: "us-east-1" });
  bench.bucket.put("a.txt", "text");
});
afterEach(() => bench.remove());

/** The bucket, whose store has turned out to be this. */
const finding = (found: Partial<SourceFindings>): ObjectSource => ({
  listPage: (args) => bench.bucket.listPage(args),
  read: (args) => bench.bucket.read(args),
  findings: () => ({ ...NOTHING_FOUND, ...found }),
  close: () => {},
});
const kept = () =>
  bench.database.reading(({ prisma }) =>
    prisma.connection.findFirstOrThrow({ select: { region: true, isIfMatchHonoured: true } }),
  );
const change = (data: object) =>
  bench.database.transaction(async ({ prisma }) => {
    await prisma.connection.updateMany({ data });
  });

const FOUND = [
  ["that it lies in another region", { region: "eu-west-1" }],
  ["that it does not honour If-Match", { isIfMatchHonoured: false }],
] as const satisfies [string, Partial<SourceFindings>][];

describe("what a run has found of its store", () => {
  test.each(FOUND)("is kept with the connection: %s", async (_what, found) => {
    const before = await kept();
    await bench.sync({ source: finding(found) });
    expect(await kept()).toEqual({ ...before, ...found });
    // A later run that finds nothing takes nothing back.
    await bench.sync();
    expect(await kept()).toEqual({ ...before, ...found });
  });

  test("is kept also when the run fails", async () => {
    const source = { ...finding({ region: "eu-west-1" }), listPage: () => Promise.reject(new Error("no")) };
    await bench.sync({ source });
    expect(await kept()).toMatchObject({ region: "eu-west-1" });
  });
});

describe.each([
  ["a person has changed meanwhile", { revision: 2 }, "us-east-1"],
  ["another run has found a region for meanwhile", { region: "ap-south-1" }, "ap-south-1"],
])("what a run has found of a connection that %s", (_how, changes, region) => {
  test.each(FOUND)("is not written to it: %s", async (_what, found) => {
    bench.bucket.beforePage = () => change(changes);
    await bench.sync({ source: finding(found) });
    expect(await kept()).toEqual({ region, isIfMatchHonoured: null });
  });
});
