import { setImmediate as turn } from "node:timers/promises";
import { COUNTED_ROWS_MAX } from "@/lib/core/limits";
import type { SqlBinding, SqlSession } from "../sql-session";

export type NextArgs = { afterKey: string; countMax: number; rowsMax?: number };

export type Wanted = {
  columns: string;
  /** A table and the conditions that an index answers, in which the rows stand in the order of their keys. */
  among: { text: string; bindings: readonly SqlBinding[] };
  /** Which of them. Its own bindings are numbered on from those of `among`, which it may name as well. */
  only: { text: string; bindings?: readonly SqlBinding[] };
};

/**
 * The next rows behind a key that are wanted, at most `countMax`, in the order of their keys. They may be few among very
 * many: where a statement has the process to itself, each goes through `rowsMax` of them, and whatever else waits has
 * its turn before the next. So each row is seen once, as it is at that moment. Not for a transaction, which would stand
 * open meanwhile.
 */
export async function nextWanted<Row>(
  sql: SqlSession,
  { columns, among, only }: Wanted,
  args: NextArgs,
): Promise<Row[]> {
  const rowsMax = args.rowsMax ?? (sql.dialect.runsInProcess ? COUNTED_ROWS_MAX : null);
  const bindings = [...among.bindings, ...(only.bindings ?? [])];
  const place = (at: number) => `?${bindings.length + at}`;
  const found: Row[] = [];
  for (let { afterKey } = args; ; ) {
    const untilKey = rowsMax === null ? null : await endOfPiece(sql, among, afterKey, rowsMax);
    const rows = await sql.all<Row>(
      `SELECT ${columns} FROM ${among.text} AND ${only.text} AND key > ${place(1)}
         ${untilKey === null ? "" : `AND key <= ${place(3)}`} ORDER BY key LIMIT ${place(2)}`,
      ...bindings,
      afterKey,
      args.countMax - found.length,
      ...(untilKey === null ? [] : [untilKey]),
    );
    found.push(...rows);
    if (untilKey === null || found.length === args.countMax) return found;
    afterKey = untilKey;
    await turn();
  }
}

/** The last of the next `rowsMax` keys; null where there are not as many. */
async function endOfPiece(
  sql: SqlSession,
  { text, bindings }: Wanted["among"],
  afterKey: string,
  rowsMax: number,
): Promise<string | null> {
  const row = await sql.get<{ key: string }>(
    `SELECT key FROM ${text} AND key > ?${bindings.length + 1} ORDER BY key LIMIT 1 OFFSET ${rowsMax - 1}`,
    ...bindings,
    afterKey,
  );
  return row?.key ?? null;
}
