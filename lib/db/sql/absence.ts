import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** Marks keys that a window of this run's listing did not contain. */
export async function markAbsent(
  tx: Tx,
  lease: RunLease,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  prepareOnce(
    tx.handle,
    `UPDATE object SET missing_since_run = ?, missing_since = ?
     WHERE connection_id = ? AND key IN (SELECT value FROM json_each(?))`,
  ).run(lease.runId, now, lease.connectionId, jsonText(keys));
}

/** Marks up to `countMax` rows outside [prefix, end of prefix); resolves with how many it was. */
export async function markOutOfPrefix(
  tx: Tx,
  lease: RunLease,
  args: { prefix: string; prefixEnd: string | null; countMax: number; now: number },
): Promise<number> {
  const beyond = args.prefixEnd === null ? "" : "OR key >= ?";
  const bounds = args.prefixEnd === null ? [args.prefix] : [args.prefix, args.prefixEnd];
  return prepareOnce(
    tx.handle,
    `UPDATE object SET missing_since_run = ?, missing_since = ?
     WHERE connection_id = ? AND key IN (
       SELECT key FROM object WHERE connection_id = ? AND (key < ? ${beyond})
         AND is_absence_kept = 0 AND missing_since_run IS NOT ? LIMIT ?)`,
  ).run(lease.runId, args.now, lease.connectionId, lease.connectionId, ...bounds, lease.runId, args.countMax)
    .changes;
}

export async function clearMarks(tx: Tx, lease: RunLease, keys: readonly string[] | null): Promise<void> {
  const only = keys === null ? "" : "AND key IN (SELECT value FROM json_each(?))";
  prepareOnce(
    tx.handle,
    `UPDATE object SET missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ? AND missing_since_run = ? ${only}`,
  ).run(lease.connectionId, lease.runId, ...(keys === null ? [] : [jsonText(keys)]));
}

const ABSENT = `connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NOT NULL AND is_absence_kept = 0`;
const APPROVED = `EXISTS (SELECT 1 FROM hold h JOIN hold_key k ON k.hold_id = h.id
  WHERE h.connection_id = ?1 AND h.status = 'approved' AND k.key = object.key)`;

export async function countAbsence(
  tx: Tx,
  lease: RunLease,
): Promise<{ stored: number; absent: number; approved: number }> {
  return prepareOnce(
    tx.handle,
    `SELECT
       (SELECT count(*) FROM object WHERE connection_id = ?1 AND document_id IS NOT NULL) AS stored,
       (SELECT count(*) FROM object WHERE ${ABSENT} AND NOT ${APPROVED}) AS absent,
       (SELECT count(*) FROM object WHERE ${ABSENT} AND ${APPROVED}) AS approved`,
  ).get(lease.connectionId, lease.runId) as { stored: number; absent: number; approved: number };
}

export async function nextAbsent(
  tx: Tx,
  lease: RunLease,
  args: { afterKey: string; countMax: number; isApprovedOnly: boolean },
): Promise<{ key: string; missing_since: number }[]> {
  return prepareOnce(
    tx.handle,
    `SELECT key, missing_since FROM object WHERE ${ABSENT} AND key > ?3 ${args.isApprovedOnly ? `AND ${APPROVED}` : ""}
     ORDER BY key LIMIT ?4`,
  ).all(lease.connectionId, lease.runId, args.afterKey, args.countMax) as {
    key: string;
    missing_since: number;
  }[];
}

/** Rows of these keys leave the manifest; their documents are the caller's to remove. */
export async function forgetObjects(tx: Tx, connectionId: string, keys: readonly string[]): Promise<void> {
  prepareOnce(
    tx.handle,
    `DELETE FROM object WHERE connection_id = ? AND key IN (SELECT value FROM json_each(?))`,
  ).run(connectionId, jsonText(keys));
}

/** Drops up to `countMax` rows that never had a document; resolves with how many it was. */
export async function forgetAbsentWithoutDocument(
  tx: Tx,
  lease: RunLease,
  countMax: number,
): Promise<number> {
  return prepareOnce(
    tx.handle,
    `DELETE FROM object WHERE connection_id = ?1 AND key IN (
       SELECT key FROM object WHERE connection_id = ?1 AND missing_since_run = ?2 AND document_id IS NULL LIMIT ?3)`,
  ).run(lease.connectionId, lease.runId, countMax).changes;
}

/** The documents of absent objects stay, and later runs do not ask again until the object returns. */
export async function keepAbsent(tx: Tx, lease: RunLease): Promise<void> {
  prepareOnce(
    tx.handle,
    `UPDATE object SET is_absence_kept = 1, missing_since_run = NULL, missing_since = NULL WHERE ${ABSENT}`,
  ).run(lease.connectionId, lease.runId);
}

/** Puts what is still absent on hold: one open hold for each connection, with the keys of this run. */
export async function holdAbsent(
  tx: Tx,
  lease: RunLease,
  args: { holdId: string; reason: string; now: number },
): Promise<void> {
  const open = prepareOnce(tx.handle, `SELECT id FROM hold WHERE connection_id = ? AND status = 'open'`).get(
    lease.connectionId,
  ) as { id: string } | undefined;
  const id = open?.id ?? args.holdId;
  prepareOnce(
    tx.handle,
    `INSERT INTO hold (id, connection_id, run_id, status, reason, created_at) VALUES (?, ?, ?, 'open', ?, ?)
     ON CONFLICT (id) DO UPDATE SET run_id = excluded.run_id, reason = excluded.reason`,
  ).run(id, lease.connectionId, lease.runId, args.reason, args.now);
  prepareOnce(tx.handle, `DELETE FROM hold_key WHERE hold_id = ?`).run(id);
  prepareOnce(
    tx.handle,
    `INSERT INTO hold_key (hold_id, key) SELECT ?3, key FROM object WHERE ${ABSENT}`,
  ).run(lease.connectionId, lease.runId, id);
  prepareOnce(
    tx.handle,
    `INSERT INTO run_change (run_id, key, kind, attempt, at) SELECT ?2, key, 'on_hold', 0, ?3 FROM object WHERE ${ABSENT}
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'on_hold'`,
  ).run(lease.connectionId, lease.runId, args.now);
}

/** Ends holds that wait for nothing any more. */
export async function closeHolds(
  tx: Tx,
  connectionId: string,
  move: { from: "open" | "approved"; to: "released" | "applied"; now: number },
): Promise<void> {
  prepareOnce(
    tx.handle,
    `UPDATE hold SET status = ?, decided_at = coalesce(decided_at, ?) WHERE connection_id = ? AND status = ?`,
  ).run(move.to, move.now, connectionId, move.from);
}
