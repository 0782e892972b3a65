import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../database";
import { temporaryDatabase } from "../testing/temporary-database";
import { fetchRows } from "./fetch-rows";

let database: Database;
let remove: () => Promise<void>;
beforeAll(() => {
  ({ database, remove } = temporaryDatabase());
});
afterAll(() => remove());

type Row = { key: string; value: string | null; updated_at: number };
const rows = [
  { key: "b", value: "天気 'q' \"d\" \\ \n", updatedAt: 1_790_000_000_000n },
  { key: "a", value: "🙂", updatedAt: 0n },
  { key: "c", value: "", updatedAt: 3n },
];

const fetched = (where: string, ...bindings: string[]) =>
  database.reading(({ sql }) =>
    fetchRows<Row>(
      sql,
      ["key", "value", "updated_at"],
      `SELECT key, nullif(value, '') AS value, updated_at FROM setting WHERE ${where} ORDER BY key DESC`,
      ...bindings,
    ),
  );

test("rows come in the order of the query, each value as it was", async () => {
  await database.transaction(({ prisma }) => prisma.setting.createMany({ data: rows }));
  expect(await fetched("key >= ? AND key < ?", "a", "d")).toEqual([
    { key: "c", value: null, updated_at: 3 },
    { key: "b", value: rows[0]?.value, updated_at: 1_790_000_000_000 },
    { key: "a", value: "🙂", updated_at: 0 },
  ]);
});

test("a query without rows gives none", async () => {
  expect(await fetched("key = ?", "none")).toEqual([]);
});
