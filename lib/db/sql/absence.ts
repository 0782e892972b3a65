import type { Tx } from "../database";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** Few rows are marked, of however many there are. */
const MARKED = "object_missing";

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
const ABSENT = `connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NOT NULL AND NOT is_absence_kept
  AND NOT ${DISMISSED}`;
const APPROVED = `EXISTS (SELECT 1 FROM hold h JOIN hold_key k ON k.hold_id = h.id
  WHERE h.connection_id = ?1 AND h.status = 'approved' AND k.key = object.key)`;

type AbsenceCounts = { stored: number; absent: number };

/** All stored documents are counted only where some are absent: that is what the count is asked for. */
export async function countAbsence({ sql }: Tx, lease: RunLease): Promise<AbsenceCounts> {
  const marked = sql.dialect.indexedBy(MARKED);
  const counts = await sql.get<AbsenceCounts>(
    `SELECT
       CASE WHEN EXISTS (SELECT 1 FROM object ${marked} WHERE ${ABSENT})
         THEN (SELECT count(*) FROM object WHERE connection_id = ?1 AND document_id IS NOT NULL)
         ELSE 0 END AS stored,
       (SELECT count(*) FROM object ${marked} WHERE ${ABSENT}) AS absent`,
    lease.connectionId,
    lease.runId,
  );
  return counts ?? { stored: 0, absent: 0 };
}

export async function nextAbsent(
  { sql }: Tx,
  lease: RunLease,
  args: { afterKey: string; countMax: number; isApprovedOnly: boolean },
): Promise<{ key: string; missing_since: number }[]> {
  return sql.all(
    `SELECT key, missing_since FROM object ${sql.dialect.indexedBy(MARKED)}
     WHERE ${ABSENT} AND key > ?3 ${args.isApprovedOnly ? `AND ${APPROVED}` : ""} ORDER BY key LIMIT ?4`,
    lease.connectionId,
    lease.runId,
    args.afterKey,
    args.countMax,
  );
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
  args: { afterKey: string; countMax: number },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object ${sql.dialect.indexedBy(MARKED)}
     WHERE connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NULL AND key > ?3 ORDER BY key LIMIT ?4`,
    lease.connectionId,
    lease.runId,
    args.afterKey,
    args.countMax,
  );
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
     WHERE ${ABSENT} AND ${sql.dialect.isIn("key", sql.dialect.texts("?3"))}`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}
