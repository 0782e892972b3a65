import { setImmediate as turn } from "node:timers/promises";
import { COUNTED_ROWS_MAX } from "@/lib/core/limits";
import type { SqlSession } from "../sql-session";

/** Tables in the order of their keys with rows of one owner, which may be a million. */
const OWNER = { object: "connection_id", run_change: "run_id" } as const;

/** For the first three bindings of a statement: rows of the owner `?1` with `?2` < key <= `?3`. */
export type KeyPiece = readonly [ownerId: string, afterKey: string, untilKey: string];

/**
 * Cuts the rows of one owner into pieces for one statement each, where a statement has the process to itself: between
 * two pieces whatever else waits has its turn. So each row is seen once, as it is at that moment, and whoever counts
 * says why that is right. Not for a transaction, which would stand open meanwhile.
 *
 * On PostgreSQL there is one piece: nobody waits for its statements, and of a table that it has no statistics of yet it
 * would go through all rows for every piece.
 */
export async function* cutIntoPieces(
  sql: SqlSession,
  of: { table: keyof typeof OWNER; ownerId: string; rowsMax?: number },
): AsyncGenerator<KeyPiece> {
  const { table, ownerId } = of;
  const rowsMax = of.rowsMax ?? (sql.dialect.runsInProcess ? COUNTED_ROWS_MAX : null);
  const rest = `FROM ${table} WHERE ${OWNER[table]} = ?1 AND key > ?2`;
  const whole = rowsMax === null ? "NULL" : `(SELECT key ${rest} ORDER BY key LIMIT 1 OFFSET ${rowsMax - 1})`;
  for (let afterKey = ""; ; ) {
    const ends = await sql.get<{ whole: string | null; last: string | null }>(
      `SELECT ${whole} AS whole, (SELECT max(key) ${rest}) AS last`,
      ownerId,
      afterKey,
    );
    const untilKey = ends?.whole ?? ends?.last ?? null;
    if (untilKey === null) return;
    yield [ownerId, afterKey, untilKey];
    if (untilKey === ends?.last) return;
    afterKey = untilKey;
    await turn();
  }
}
