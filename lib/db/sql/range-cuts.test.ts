import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { cutRange } from "./range-cuts";
import { advanceRange, createRanges, listRanges } from "./run-records";

let database: Database;
let remove: () => Promise<void>;

const COUNTS = { listed: 5, unchanged: 3, overLimit: 1, skipped: { empty: 0 } };

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async (tx) => {
    await tx.prisma.connection.create({ data: connection("c") });
    await tx.prisma.syncRun.create({ data: syncRun("r", "c") });
    await tx.prisma.syncRun.create({ data: { ...syncRun("other", "c"), status: "queued" } });
    await createRanges(tx, "r", ["m"]);
    await createRanges(tx, "other", []);
    await advanceRange(tx, "r", { position: 0, cursorKey: "c", isClosed: false }, COUNTS);
  });
});
afterEach(() => remove());

const cut = (position: number, cutKey: string) =>
  database.transaction((tx) => cutRange(tx, "r", { position, cutKey }));
const tiles = async (runId = "r") => {
  const rows = await database.reading((tx) => listRanges(tx, runId));
  return rows.map((row) => [row.position, row.after_key, row.until_key, row.cursor_key, row.listed]);
};
const UNCUT = [
  [0, "", "m", "c", 5],
  [1, "m", null, null, 0],
];

describe("a range that is cut", () => {
  test("ends at the cut and keeps its place, its cursor and its counts; the rest is a range of its own", async () => {
    expect(await cut(0, "f")).toEqual({
      position: 2,
      after_key: "f",
      until_key: "m",
      cursor_key: null,
      listed: 0,
      status: "open",
    });
    expect(await tiles()).toEqual([
      [0, "", "f", "c", 5],
      [1, "m", null, null, 0],
      [2, "f", "m", null, 0],
    ]);
    expect(await tiles("other")).toEqual([[0, "", null, null, 0]]);
  });

  test("may be the last one, and one that no window of was recorded", async () => {
    expect(await cut(1, "x")).toMatchObject({ position: 2, after_key: "x", until_key: null });
    expect(await cut(2, "y")).toMatchObject({ position: 3, after_key: "y", until_key: null });
    expect(await cut(1, "n")).toMatchObject({ position: 4, after_key: "n", until_key: "x" });
  });

  test.each<[string, number, string]>([
    ["lies before what is walked", 0, "b"],
    ["is the last key that was walked", 0, "c"],
    ["is the range's end", 0, "m"],
    ["lies behind the range", 0, "n"],
    ["is where the range begins", 1, "m"],
    ["lies in no range of that position", 7, "f"],
  ])("is left as it is when the key %s", async (_where, position, cutKey) => {
    expect(await cut(position, cutKey)).toBeNull();
    expect(await tiles()).toEqual(UNCUT);
  });

  test("is not one that is walked to its end", async () => {
    await database.transaction((tx) =>
      advanceRange(tx, "r", { position: 0, cursorKey: "d", isClosed: true }, COUNTS),
    );
    expect(await cut(0, "f")).toBeNull();
  });

  test("is compared with its bounds by bytes", async () => {
    await database.transaction((tx) =>
      advanceRange(tx, "r", { position: 1, cursorKey: "\uff01", isClosed: false }, COUNTS),
    );
    // By UTF-16 units the face would lie before the cursor, and by language capitals beside small letters.
    expect(await cut(1, "😀")).toMatchObject({ position: 2, after_key: "😀", until_key: null });
    expect(await cut(0, "Z")).toBeNull();
    expect(await cut(0, "é")).toBeNull();
  });

  test("takes a position of its own, though another is cut at the same time", async () => {
    const added = await Promise.all([cut(0, "f"), cut(1, "x"), cut(1, "t"), cut(0, "d")]);
    const positions = added.flatMap((row) => row?.position ?? []);
    expect(new Set(positions).size).toBe(positions.length);
    const rows = await database.reading((tx) => listRanges(tx, "r"));
    const inOrder = rows.toSorted((left, right) => (left.after_key < right.after_key ? -1 : 1));
    expect(inOrder.map((row) => row.until_key)).toEqual([
      ...inOrder.slice(1).map((row) => row.after_key),
      null,
    ]);
    expect(inOrder).toHaveLength(2 + positions.length);
  });
});
