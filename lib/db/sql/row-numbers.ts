import type { SqlSession } from "../sql-session";
import { fetchRows } from "./fetch-rows";
import { jsonText } from "./json-text";

/** The tables that count their rows, and the column that has the number. */
const COUNTED = { document: "serial", chunk: "id" };

/** Numbers for new rows of a table, as many as asked for, in rising order. */
export async function takeNumbers(
  sql: SqlSession,
  table: keyof typeof COUNTED,
  count: number,
): Promise<number[]> {
  if (count === 0) return [];
  const taken = await sql.get<{ list: string }>(sql.dialect.nextNumbers(table, COUNTED[table]), count);
  const numbers = JSON.parse(taken?.list ?? "[]") as number[];
  if (numbers.length !== count) throw new Error(`${table} gave ${numbers.length} of ${count} numbers.`);
  return numbers;
}

/** A query for the numbers of documents; `ids` is one for their ids. */
export const serialsOf = (ids: string) => `SELECT serial FROM document WHERE id IN (${ids})`;

/** The numbers of documents by their ids. Those that are not there are left out. */
export async function readSerials(sql: SqlSession, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await fetchRows<{ id: string; serial: number }>(
    sql,
    ["id", "serial"],
    `SELECT id, serial FROM document WHERE id IN (${sql.dialect.texts()})`,
    jsonText(ids),
  );
  return new Map(rows.map(({ id, serial }) => [id, serial]));
}
