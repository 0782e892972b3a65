import type { Tx } from "../database";
import { jsonText } from "./json-text";

/** Keys of the connection's failed objects in key order, after `afterKey`. */
export async function nextFailedKeys(
  { sql }: Tx,
  args: { connectionId: string; afterKey: string; countMax: number },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND outcome = 'failed' AND key > ? ORDER BY key LIMIT ?`,
    args.connectionId,
    args.afterKey,
    args.countMax,
  );
  return rows.map(({ key }) => key);
}

/** Those of the keys whose objects are failed, in key order. */
export async function findFailedKeys(
  { sql }: Tx,
  args: { connectionId: string; keys: readonly string[] },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND outcome = 'failed' AND ${sql.dialect.isIn("key", sql.dialect.texts())}
     ORDER BY key`,
    args.connectionId,
    jsonText(args.keys),
  );
  return rows.map(({ key }) => key);
}

/** Failed objects are tried again by the next run, as if they had never been tried. Resolves with how many. */
export async function makeFailuresDue(
  { sql }: Tx,
  args: { connectionId: string; keys: readonly string[] },
): Promise<number> {
  const { changes } = await sql.run(
    `UPDATE object SET next_try_at = 0, attempts = 0
     WHERE connection_id = ? AND outcome = 'failed' AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    args.connectionId,
    jsonText(args.keys),
  );
  return changes;
}
