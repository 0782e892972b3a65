import type { Tx } from "../database";

/** One row of the manifest for a list of objects. */
export type ListedObjectRow = {
  key: string;
  reason: string | null;
  size_bytes: number;
  last_modified: number;
  document_id: string | null;
};

/** The key of the last of the next `rowCount` rows after `afterKey`; null when there are fewer. */
export async function findKeyAhead(
  { sql }: Tx,
  args: { connectionId: string; afterKey: string; rowCount: number },
): Promise<string | null> {
  const row = await sql.get<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND key > ? ORDER BY key LIMIT 1 OFFSET ?`,
    args.connectionId,
    args.afterKey,
    args.rowCount - 1,
  );
  return row?.key ?? null;
}

/**
 * Objects with this outcome, and where it is not null this reason, in key order. No index holds outcomes that most
 * objects have, so the primary key is walked from `afterKey` to `untilKey`. A document that a person has kept of an
 * object that is gone is no object.
 */
export async function nextObjects(
  { sql }: Tx,
  args: {
    connectionId: string;
    outcome: string;
    reason: string | null;
    afterKey: string;
    untilKey: string | null;
    countMax: number;
  },
): Promise<ListedObjectRow[]> {
  const conditions = ["connection_id = ?", "key > ?", "outcome = ?"];
  const bindings = [args.connectionId, args.afterKey, args.outcome];
  const add = (condition: string, value: string | null) => {
    if (value === null) return;
    conditions.push(condition);
    bindings.push(value);
  };
  add("key <= ?", args.untilKey);
  add("reason = ?", args.reason);
  return sql.all(
    `SELECT key, reason, size_bytes, last_modified, document_id FROM object
     WHERE ${conditions.join(" AND ")} AND NOT (outcome = 'stored' AND is_absence_kept)
     ORDER BY key LIMIT ?`,
    ...bindings,
    args.countMax,
  );
}
