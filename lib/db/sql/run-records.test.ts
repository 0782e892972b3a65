import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { type RunChangeRow, recordChanges } from "./run-records";

let database: Database;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma }) => {
    await prisma.connection.createMany({ data: [connection("c"), connection("d")] });
    await prisma.syncRun.createMany({ data: [syncRun("r", "c"), syncRun("s", "d")] });
  });
});
afterEach(() => remove());

const added = {
  kind: "added",
  reason: null,
  stage: null,
  message: null,
  attempt: 0,
  nextTryAt: null,
} as const;
const failed = {
  kind: "failed",
  reason: "source_timeout",
  stage: "fetch",
  message: "It takes too long.",
  attempt: 2,
  nextTryAt: 9,
} as const;
const record = (runId: string, changes: RunChangeRow[], now: number) =>
  database.transaction((tx) => recordChanges(tx, runId, changes, now));

test("a later word about a key replaces the former whole, in that run alone", async () => {
  await record(
    "r",
    [
      { key: "a", ...added },
      { key: "b", ...added },
    ],
    1,
  );
  await record("s", [{ key: "a", ...added }], 1);
  await record("r", [{ key: "a", ...failed }], 2);
  const rows = await database.reading(({ prisma }) =>
    prisma.runChange.findMany({ orderBy: [{ runId: "asc" }, { key: "asc" }] }),
  );
  expect(rows).toMatchObject([
    { runId: "r", key: "a", ...failed, nextTryAt: 9n, at: 2n },
    { runId: "r", key: "b", ...added, at: 1n },
    { runId: "s", key: "a", ...added, at: 1n },
  ]);
  await record("r", [{ key: "a", ...added }], 3);
  const again = await database.reading(({ prisma }) =>
    prisma.runChange.findUniqueOrThrow({ where: { runId_key: { runId: "r", key: "a" } } }),
  );
  expect(again).toMatchObject({ ...added, at: 3n });
});
