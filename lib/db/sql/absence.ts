import type { Tx } from "../database";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

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
     WHERE connection_id = ? AND key IN (${sql.dialect.texts()}) 
       AND NOT (is_absence_kept AND document_id IS NOT NULL)`,
    lease.runId,
    now,
    lease.connectionId,
    jsonText(keys),
  );
}

export async function clearMarks(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[] | null,
): Promise<void> {
  const only = keys === null ? "" : `AND key IN (${sql.dialect.texts()})`;
  await sql.run(
    `UPDATE object SET missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ? AND missing_since_run = ? ${only}`,
    lease.connectionId,
    lease.runId,
    ...(keys === null ? [] : [jsonText(keys)]),
  );
}

/** Few rows are marked, of however many there are. */
const MARKED = "object_missing";
const ABSENT = `connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NOT NULL AND NOT is_absence_kept`;
const APPROVED = `EXISTS (SELECT 1 FROM hold h JOIN hold_key k ON k.hold_id = h.id
  WHERE h.connection_id = ?1 AND h.status = 'approved' AND k.key = object.key)`;

type AbsenceCounts = { stored: number; absent: number; approved: number };

/** All stored documents are counted only where some are absent: that is what the count is asked for. */
export async function countAbsence({ sql }: Tx, lease: RunLease): Promise<AbsenceCounts> {
  const marked = sql.dialect.indexedBy(MARKED);
  const counts = await sql.get<AbsenceCounts>(
    `SELECT
       CASE WHEN EXISTS (SELECT 1 FROM object ${marked} WHERE ${ABSENT})
         THEN (SELECT count(*) FROM object WHERE connection_id = ?1 AND document_id IS NOT NULL)
         ELSE 0 END AS stored,
       (SELECT count(*) FROM object ${marked} WHERE ${ABSENT} AND NOT ${APPROVED}) AS absent,
       (SELECT count(*) FROM object ${marked} WHERE ${ABSENT} AND ${APPROVED}) AS approved`,
    lease.connectionId,
    lease.runId,
  );
  return counts ?? { stored: 0, absent: 0, approved: 0 };
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
    `DELETE FROM object WHERE connection_id = ? AND key IN (${sql.dialect.texts()})`,
    connectionId,
    jsonText(keys),
  );
}

/** Drops up to `countMax` rows that never had a document; resolves with how many it was. */
export async function forgetAbsentWithoutDocument(
  { sql }: Tx,
  lease: RunLease,
  countMax: number,
): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM object WHERE connection_id = ?1 AND key IN (
       SELECT key FROM object ${sql.dialect.indexedBy(MARKED)}
       WHERE connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NULL LIMIT ?3)`,
    lease.connectionId,
    lease.runId,
    countMax,
  );
  return changes;
}

/** The documents of these absent objects stay, and later runs do not ask again until the object returns. */
export async function keepAbsent({ sql }: Tx, lease: RunLease, keys: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE object SET is_absence_kept = TRUE, missing_since_run = NULL, missing_since = NULL
     WHERE ${ABSENT} AND key IN (${sql.dialect.texts("?3")})`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}

/** What is stored of these objects is about to go piece by piece: it counts as stored no more. */
export async function forgetStored(
  { sql }: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<void> {
  await sql.run(
    `UPDATE object SET stored_etag = NULL, stored_size_bytes = NULL, stored_modified = NULL, stored_tags = NULL
     WHERE connection_id = ? AND key IN (${sql.dialect.texts()})`,
    connectionId,
    jsonText(keys),
  );
}

/**
 * The hold that takes this run's absent keys: the one that waits already, or a new one. Null when a person has
 * approved it: then the run that the click has queued removes them. Whoever decides in this moment decides before or
 * after, on what was shown.
 */
export async function openHold(
  { sql }: Tx,
  lease: RunLease,
  args: { holdId: string; reason: string; now: number },
): Promise<string | null> {
  const present = await sql.get<{ id: string; status: string }>(
    `SELECT id, status FROM hold WHERE connection_id = ? AND status IN ('open', 'approved')
     ${sql.dialect.locking("FOR UPDATE")}`,
    lease.connectionId,
  );
  if (present?.status === "approved") return null;
  const id = present?.id ?? args.holdId;
  await sql.run(
    `INSERT INTO hold (id, connection_id, run_id, status, reason, created_at) VALUES (?, ?, ?, 'open', ?, ?)
     ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason`,
    id,
    lease.connectionId,
    lease.runId,
    args.reason,
    args.now,
  );
  return id;
}

/** Takes up to `countMax` keys of a former run out of the hold; resolves with how many it was. */
export async function emptyHold({ sql }: Tx, holdId: string, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM hold_key WHERE hold_id = ?1 AND key IN (SELECT key FROM hold_key WHERE hold_id = ?1 LIMIT ?2)`,
    holdId,
    countMax,
  );
  return changes;
}

/** Puts keys on hold, and among what the run did. False when the hold waits no more: somebody has decided. */
export async function holdKeys(
  { sql }: Tx,
  lease: RunLease,
  args: { holdId: string; keys: readonly string[]; now: number },
): Promise<boolean> {
  const open = await sql.get(
    `SELECT id FROM hold WHERE id = ? AND status = 'open' ${sql.dialect.locking("FOR UPDATE")}`,
    args.holdId,
  );
  if (open === undefined) return false;
  const list = jsonText(args.keys);
  await sql.run(
    `INSERT INTO hold_key (hold_id, key) SELECT CAST(? AS TEXT), j.value FROM (${sql.dialect.texts()}) AS j WHERE TRUE
     ON CONFLICT DO NOTHING`,
    args.holdId,
    list,
  );
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, attempt, at)
     SELECT CAST(? AS TEXT), j.value, 'on_hold', 0, CAST(? AS BIGINT) FROM (${sql.dialect.texts()}) AS j WHERE TRUE
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'on_hold'`,
    lease.runId,
    args.now,
    list,
  );
  return true;
}

/** Ends holds that wait for nothing any more. */
export async function closeHolds(
  { sql }: Tx,
  connectionId: string,
  move: { from: "open" | "approved"; to: "released" | "applied"; now: number },
): Promise<void> {
  await sql.run(
    `UPDATE hold SET status = ?, decided_at = coalesce(decided_at, ?) WHERE connection_id = ? AND status = ?`,
    move.to,
    move.now,
    connectionId,
    move.from,
  );
}
