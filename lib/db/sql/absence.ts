import type { Tx } from "../database";
import type { SqlSession } from "../sql-session";
import { jsonText } from "./json-text";
import { cutIntoPieces } from "./key-pieces";
import { type NextArgs, nextWanted, type Wanted } from "./next-wanted";
import type { RunLease } from "./run-fence";

/** Few rows are marked, of however many there are. */
const MARKED = "object_missing";

/** What this run has marked. */
export function markedBy({ dialect }: SqlSession, lease: RunLease): Wanted["among"] {
  return {
    text: `object ${dialect.indexedBy(MARKED)} WHERE connection_id = ?1 AND missing_since_run = ?2`,
    bindings: [lease.connectionId, lease.runId],
  };
}

/** Marks keys that this run's listing did not contain, but for those whose absence a person has dismissed. */
export async function markAbsent(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `UPDATE object SET missing_since_run = ?, missing_since = ?
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} 
       AND NOT (is_absence_kept AND document_id IS NOT NULL)`,
    lease.runId,
    now,
    lease.connectionId,
    jsonText(keys),
  );
}

/** The next keys that this run has marked, in key order. */
export async function nextMarked(
  { sql }: Tx,
  lease: RunLease,
  args: { afterKey: string; countMax: number },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object ${sql.dialect.indexedBy(MARKED)}
     WHERE connection_id = ? AND missing_since_run = ? AND key > ? ORDER BY key LIMIT ?`,
    lease.connectionId,
    lease.runId,
    args.afterKey,
    args.countMax,
  );
  return rows.map(({ key }) => key);
}

/** Takes this run's marks from these keys. */
export async function clearMarks({ sql }: Tx, lease: RunLease, keys: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE object SET missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ? AND missing_since_run = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}

/** Dismissed a moment ago, and not yet marked as kept. */
const DISMISSED = `EXISTS (SELECT 1 FROM hold h JOIN hold_key k ON k.hold_id = h.id
  WHERE h.connection_id = ?1 AND h.status = 'dismissing' AND k.key = object.key)`;
/** Of what a run has marked: what is to be settled. */
const UNSETTLED = `document_id IS NOT NULL AND NOT is_absence_kept AND NOT ${DISMISSED}`;
const APPROVED = `EXISTS (SELECT 1 FROM hold h JOIN hold_key k ON k.hold_id = h.id
  WHERE h.connection_id = ?1 AND h.status = 'approved' AND k.key = object.key)`;

type AbsenceCounts = { stored: number; absent: number };

/**
 * What the guard decides by; all documents are counted only where something is marked, since that is what they are
 * counted for.
 *
 * Beside the count the run's readers go on. What is marked they leave alone, so that `absent` is right at every moment.
 * A document that they make behind the count is not among `stored`, which makes the guard stricter; all that they take
 * away behind it is one that had failed and turns out to hold no text.
 */
export async function countAbsence({ sql }: Tx, lease: RunLease): Promise<AbsenceCounts> {
  const counts = { stored: 0, absent: 0 };
  const { connectionId: ownerId, runId } = lease;
  const marked = await sql.get(
    `SELECT 1 AS marked FROM object ${sql.dialect.indexedBy(MARKED)}
     WHERE connection_id = ? AND missing_since_run = ? LIMIT 1`,
    ownerId,
    runId,
  );
  if (marked === undefined) return counts;
  for await (const piece of cutIntoPieces(sql, { table: "object", ownerId })) {
    const row = await sql.get<AbsenceCounts>(
      `SELECT count(*) AS stored, count(CASE WHEN missing_since_run = ?4 AND NOT is_absence_kept AND NOT ${DISMISSED}
         THEN 1 END) AS absent
       FROM object WHERE connection_id = ?1 AND key > ?2 AND key <= ?3 AND document_id IS NOT NULL`,
      ...piece,
      runId,
    );
    counts.stored += row?.stored ?? 0;
    counts.absent += row?.absent ?? 0;
  }
  return counts;
}

export async function nextAbsent(
  { sql }: Tx,
  lease: RunLease,
  args: NextArgs & { isApprovedOnly: boolean },
): Promise<{ key: string; missing_since: number }[]> {
  const only = { text: args.isApprovedOnly ? `${UNSETTLED} AND ${APPROVED}` : UNSETTLED };
  return nextWanted(sql, { columns: "key, missing_since", among: markedBy(sql, lease), only }, args);
}

/** Rows of these keys leave the manifest; their documents are the caller's to remove. */
export async function forgetObjects(
  { sql }: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<void> {
  await sql.run(
    `DELETE FROM object WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    connectionId,
    jsonText(keys),
  );
}

/** Absent keys that never had a document. */
export async function nextAbsentWithoutDocument(
  { sql }: Tx,
  lease: RunLease,
  args: NextArgs,
): Promise<string[]> {
  const only = { text: "document_id IS NULL" };
  const wanted = { columns: "key", among: markedBy(sql, lease), only };
  const rows = await nextWanted<{ key: string }>(sql, wanted, args);
  return rows.map(({ key }) => key);
}

/** Drops the rows of those of these keys that are still absent and without a document. */
export async function forgetWithoutDocument(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[],
): Promise<void> {
  await sql.run(
    `DELETE FROM object WHERE connection_id = ? AND missing_since_run = ? AND document_id IS NULL
       AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}

/** The documents of these absent objects stay, and later runs do not ask again until the object returns. */
export async function keepAbsent({ sql }: Tx, lease: RunLease, keys: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE object SET is_absence_kept = TRUE, missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ?1 AND missing_since_run = ?2 AND ${UNSETTLED}
       AND ${sql.dialect.isIn("key", sql.dialect.texts("?3"))}`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}
