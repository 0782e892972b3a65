import type { Tx } from "../database";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** A line of a plan, as the plan's run keeps it among its changes. */
export type PlannedRow = {
  key: string;
  kind: "added" | "updated" | "retagged" | "removed" | "skipped" | "failed";
  reason: string | null;
  message: string | null;
  etag: string | null;
  sizeBytes: number | null;
};

const PLANNED_COLUMNS = {
  key: "text",
  kind: "text",
  reason: "text",
  message: "text",
  etag: "text",
  sizeBytes: "bigint",
} as const;

export async function recordPlannedRows(
  tx: Tx,
  runId: string,
  lines: readonly PlannedRow[],
  now: number,
): Promise<void> {
  if (lines.length === 0) return;
  await tx.sql.run(
    `INSERT INTO run_change (run_id, key, kind, reason, message, attempt, at, etag, size_bytes)
     SELECT CAST(? AS TEXT), j.key, j.kind, j.reason, j.message, 0, CAST(? AS BIGINT), j.etag, j.size_bytes
     FROM ${tx.sql.dialect.rows(PLANNED_COLUMNS)} WHERE TRUE
     ON CONFLICT (run_id, key) DO UPDATE SET kind = excluded.kind, reason = excluded.reason,
       message = excluded.message, etag = excluded.etag, size_bytes = excluded.size_bytes, at = excluded.at`,
    runId,
    now,
    jsonText(lines),
  );
}

/** Removals that would wait for a person are lines as well: applying the plan approves them. */
export async function readPlannedRows(
  tx: Tx,
  planRunId: string,
  range: { afterKey: string; untilKey: string | null },
): Promise<PlannedRow[]> {
  const upTo = range.untilKey === null ? "" : "AND key <= ?";
  const bounds = range.untilKey === null ? [range.afterKey] : [range.afterKey, range.untilKey];
  return tx.sql.all<PlannedRow>(
    `SELECT key, CASE kind WHEN 'on_hold' THEN 'removed' ELSE kind END AS kind, reason, message, etag,
       size_bytes AS "sizeBytes"
     FROM run_change WHERE run_id = ? AND key > ? ${upTo}`,
    planRunId,
    ...bounds,
  );
}

/** Documents of keys outside [prefix, end of prefix) would go as well. */
export async function planOutOfPrefix(
  tx: Tx,
  lease: RunLease,
  args: { prefix: string; prefixEnd: string | null; now: number },
): Promise<void> {
  const beyond = args.prefixEnd === null ? "" : "OR key >= ?5";
  await tx.sql.run(
    `INSERT INTO run_change (run_id, key, kind, attempt, at)
     SELECT CAST(?1 AS TEXT), key, 'removed', 0, CAST(?2 AS BIGINT) FROM object
     WHERE connection_id = ?3 AND document_id IS NOT NULL AND is_absence_kept = FALSE AND (key < ?4 ${beyond})
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'removed'`,
    lease.runId,
    args.now,
    lease.connectionId,
    args.prefix,
    ...(args.prefixEnd === null ? [] : [args.prefixEnd]),
  );
}

export async function countPlannedRemovals(
  tx: Tx,
  lease: RunLease,
): Promise<{ stored: number; absent: number }> {
  const row = await tx.sql.get<{ stored: number; absent: number }>(
    `SELECT (SELECT count(*) FROM object WHERE connection_id = ? AND document_id IS NOT NULL) AS stored,
       (SELECT count(*) FROM run_change WHERE run_id = ? AND kind = 'removed') AS absent`,
    lease.connectionId,
    lease.runId,
  );
  return row ?? { stored: 0, absent: 0 };
}

export async function holdPlannedRemovals(tx: Tx, runId: string): Promise<void> {
  await tx.sql.run(`UPDATE run_change SET kind = 'on_hold' WHERE run_id = ? AND kind = 'removed'`, runId);
}

/** Only what the plan lists as a removal stays marked. */
export async function clearUnplannedMarks(tx: Tx, lease: RunLease, planRunId: string): Promise<void> {
  await tx.sql.run(
    `UPDATE object SET missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ? AND missing_since_run = ? AND NOT EXISTS (
       SELECT 1 FROM run_change c WHERE c.run_id = ? AND c.key = object.key AND c.kind IN ('removed', 'on_hold'))`,
    lease.connectionId,
    lease.runId,
    planRunId,
  );
}
