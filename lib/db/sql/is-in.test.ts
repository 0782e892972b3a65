import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "../database";
import { object } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { jsonText } from "./json-text";

const KEYS = ["B", "a", "a/b", "ä", "文", "\u{1F426}"];

let database: Database;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(({ prisma }) =>
    prisma.sourceObject.createMany({ data: KEYS.map((key) => object(key)) }),
  );
});
afterEach(() => remove());

/** Of the connection's keys, those in the list that come after `afterKey`. */
const find = (keys: string[], afterKey = "") =>
  database.reading(async ({ sql }) => {
    const rows = await sql.all<{ key: string }>(
      `SELECT key FROM object WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} AND key > ?
       ORDER BY key`,
      "c",
      jsonText(keys),
      afterKey,
    );
    return rows.map(({ key }) => key);
  });

test("keys are found by a list in whatever order, and those of no row are left out", async () => {
  expect(await find([...KEYS].reverse())).toEqual(KEYS);
  expect(await find(["文", "none", "a"])).toEqual(["a", "文"]);
  expect(await find(KEYS, "a/b")).toEqual(["ä", "文", "\u{1F426}"]);
});

test("an empty list finds nothing", async () => {
  expect(await find([])).toEqual([]);
});

test("rows of a connection are looked up in the index between the ends of the list", async () => {
  const plan = await database.reading(async ({ sql }) => {
    if (sql.dialect.name === "sqlite") return null;
    const rows = await sql.all<{ "QUERY PLAN": string }>(
      `EXPLAIN SELECT key FROM object WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
      "c",
      jsonText(KEYS),
    );
    return rows.map((row) => row["QUERY PLAN"]).join("\n");
  });
  if (plan === null) return;
  expect(plan).toMatch(/Index Cond: .*connection_id = .*key >= .*key <= /);
});
