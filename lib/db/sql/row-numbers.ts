import type { SqlSession } from "../sql-session";
import { fetchRows } from "./fetch-rows";
import { jsonText } from "./json-text";

/** The tables that count their rows, and the columns in which a number may stand that is taken. */
const COUNTED = {
  document: [
    { table: "document", column: "serial" },
    // Of a document that is gone: its number is not given to another before its chunks are gone, too.
    { table: "hidden_chunks", column: "document_serial" },
  ],
  chunk: [{ table: "chunk", column: "id" }],
} as const;

/** Numbers for new rows of a table, as many as asked for, in rising order. */
export async function takeNumbers(
  sql: SqlSession,
  table: keyof typeof COUNTED,
  count: number,
): Promise<number[]> {
  if (count === 0) return [];
  const taken = await sql.get<{ list: string }>(sql.dialect.nextNumbers(COUNTED[table]), count);
  const numbers = JSON.parse(taken?.list ?? "[]") as number[];
  if (numbers.length !== count) throw new Error(`${table} gave ${numbers.length} of ${count} numbers.`);
  return numbers;
}

/** A query for the numbers of documents; `ids` is one for their ids. */
export const selectSerials = (ids: string) => `SELECT serial FROM document WHERE id IN (${ids})`;

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
