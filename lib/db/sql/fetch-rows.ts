import type { SqlBinding, SqlSession } from "../sql-session";

/**
 * The rows of a query, in its order, fetched as one text: what a driver does for each row takes several times as long
 * as reading it. Of the query's columns these are given back; a truth value has to be 0 or 1 in the query already.
 */
export async function fetchRows<Row extends object>(
  sql: SqlSession,
  columns: readonly (keyof Row & string)[],
  query: string,
  ...bindings: SqlBinding[]
): Promise<Row[]> {
  const found = await sql.get<{ list: string }>(
    `SELECT ${sql.dialect.objects(columns)} AS list FROM (${query}) AS found`,
    ...bindings,
  );
  return found === undefined ? [] : (JSON.parse(found.list) as Row[]);
}
