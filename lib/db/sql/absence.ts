import type { Tx } from "../database";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** Marks keys that a window of this run's listing did not contain. */
export async function markAbsent(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `UPDATE object SET missing_since_run = ?, missing_since = ?
     WHERE connection_id = ? AND key IN (${sql.dialect.texts()})`,
    lease.runId,
    now,
    lease.connectionId,
    jsonText(keys),
  );
}

/** Marks up to `countMax` rows outside [prefix, end of prefix); resolves with how many it was. */
export async function markOutOfPrefix(
  { sql }: Tx,
  lease: RunLease,
  args: { prefix: string; prefixEnd: string | null; countMax: number; now: number },
): Promise<number> {
  const beyond = args.prefixEnd === null ? "" : "OR key >= ?";
  const bounds = args.prefixEnd === null ? [args.prefix] : [args.prefix, args.prefixEnd];
  const { changes } = await sql.run(
    `UPDATE object SET missing_since_run = ?, missing_since = ?
     WHERE connection_id = ? AND key IN (
       SELECT key FROM object WHERE connection_id = ? AND (key < ? ${beyond})
         AND NOT is_absence_kept AND missing_since_run IS DISTINCT FROM ? LIMIT ?)`,
    lease.runId,
    args.now,
    lease.connectionId,
    lease.connectionId,
    ...bounds,
    lease.runId,
    args.countMax,
  );
  return changes;
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

/** The documents of absent objects stay, and later runs do not ask again until the object returns. */
export async function keepAbsent({ sql }: Tx, lease: RunLease): Promise<void> {
  await sql.run(
    `UPDATE object SET is_absence_kept = TRUE, missing_since_run = NULL, missing_since = NULL WHERE ${ABSENT}`,
    lease.connectionId,
    lease.runId,
  );
}

/** Puts what is still absent on hold: one open hold for each connection, with the keys of this run. */
export async function holdAbsent(
  { sql }: Tx,
  lease: RunLease,
  args: { holdId: string; reason: string; now: number },
): Promise<void> {
  const open = await sql.get<{ id: string }>(
    `SELECT id FROM hold WHERE connection_id = ? AND status = 'open'`,
    lease.connectionId,
  );
  const id = open?.id ?? args.holdId;
  const marked = sql.dialect.indexedBy(MARKED);
  await sql.run(
    `INSERT INTO hold (id, connection_id, run_id, status, reason, created_at) VALUES (?, ?, ?, 'open', ?, ?)
     ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason`,
    id,
    lease.connectionId,
    lease.runId,
    args.reason,
    args.now,
  );
  await sql.run(`DELETE FROM hold_key WHERE hold_id = ?`, id);
  await sql.run(
    `INSERT INTO hold_key (hold_id, key) SELECT ?3, key FROM object ${marked} WHERE ${ABSENT}`,
    lease.connectionId,
    lease.runId,
    id,
  );
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, attempt, at) SELECT ?2, key, 'on_hold', 0, ?3 FROM object ${marked} WHERE ${ABSENT}
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'on_hold'`,
    lease.connectionId,
    lease.runId,
    args.now,
  );
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
