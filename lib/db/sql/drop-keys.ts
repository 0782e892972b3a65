import type { Tx } from "../database";

/** Tables whose rows are the keys of one run, hold or connection, and the column that names it. */
const OWNER_OF = {
  run_change: "run_id",
  staged_object: "run_id",
  hold_key: "hold_id",
  object: "connection_id",
} as const;

/**
 * Drops the first rows of one owner in key order, at most `countMax`; resolves with how many it was. Where they end is
 * found first: PostgreSQL knows nothing yet of the rows of a new run, and would go through all of them for each of a
 * list of keys.
 */
export async function dropKeys(
  { sql }: Tx,
  table: keyof typeof OWNER_OF,
  ownerId: string,
  countMax: number,
): Promise<number> {
  const ofOwner = `${OWNER_OF[table]} = ?`;
  const piece = await sql.get<{ last: string | null }>(
    `SELECT max(key) AS last FROM (SELECT key FROM ${table} WHERE ${ofOwner} ORDER BY key LIMIT ?) AS piece`,
    ownerId,
    countMax,
  );
  if (!piece || piece.last === null) return 0;
  const { changes } = await sql.run(
    `DELETE FROM ${table} WHERE ${ofOwner} AND key <= ?`,
    ownerId,
    piece.last,
  );
  return changes;
}
