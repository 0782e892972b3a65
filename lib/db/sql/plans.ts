import type { Tx } from "../database";
import { markedBy } from "./absence";
import { jsonText } from "./json-text";
import { cutIntoPieces } from "./key-pieces";
import { type NextArgs, nextWanted } from "./next-wanted";
import type { RunLease } from "./run-fence";

/** A line of a plan, as the plan's run keeps it among its changes. */
export type PlannedRow = {
  key: string;
  kind: "added" | "updated" | "retagged" | "removed" | "skipped" | "failed" | "parked";
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
    tx.sql.dialect.list(PLANNED_COLUMNS, lines),
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

/** The documents of these keys would go as well, but for those whose absence a person has dismissed. */
export async function recordPlannedRemovals(
  tx: Tx,
  lease: RunLease,
  keys: readonly string[],
  now: number,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO run_change (run_id, key, kind, attempt, at)
     SELECT CAST(? AS TEXT), key, 'removed', 0, CAST(? AS BIGINT) FROM object
     WHERE connection_id = ? AND ${tx.sql.dialect.isIn("key", tx.sql.dialect.texts())} AND document_id IS NOT NULL
       AND is_absence_kept = FALSE
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'removed'`,
    lease.runId,
    now,
    lease.connectionId,
    jsonText(keys),
  );
}

/**
 * The documents of the connection, and those that the plan removes, also where it would ask a person: it may have been
 * cut before it was whole. Nobody reads for a plan, and nobody but its run writes its lines: neither count moves.
 */
export async function countPlannedRemovals(
  { sql }: Tx,
  lease: RunLease,
): Promise<{ stored: number; absent: number }> {
  const counts = { stored: 0, absent: 0 };
  for await (const piece of cutIntoPieces(sql, { table: "object", ownerId: lease.connectionId })) {
    const row = await sql.get<{ stored: number }>(
      `SELECT count(*) AS stored FROM object
       WHERE connection_id = ?1 AND key > ?2 AND key <= ?3 AND document_id IS NOT NULL`,
      ...piece,
    );
    counts.stored += row?.stored ?? 0;
  }
  for await (const piece of cutIntoPieces(sql, { table: "run_change", ownerId: lease.runId })) {
    const row = await sql.get<{ absent: number }>(
      `SELECT count(*) AS absent FROM run_change
       WHERE run_id = ?1 AND key > ?2 AND key <= ?3 AND kind IN ('removed', 'on_hold')`,
      ...piece,
    );
    counts.absent += row?.absent ?? 0;
  }
  return counts;
}

/** Up to `countMax` of the plan's removals would wait for a person; resolves with how many it was. */
export async function holdPlannedRemovals(tx: Tx, runId: string, countMax: number): Promise<number> {
  const last = await lastOfLines(tx, { runId, kind: "removed", countMax });
  if (last === null) return 0;
  const { changes } = await tx.sql.run(
    `UPDATE run_change SET kind = 'on_hold' WHERE run_id = ? AND kind = 'removed' AND key <= ?`,
    runId,
    last,
  );
  return changes;
}

/** The last key among the plan's first lines of a kind; null when there are none. */
export async function lastOfLines(
  { sql }: Tx,
  args: { runId: string; kind: PlannedRow["kind"]; countMax: number },
): Promise<string | null> {
  const lines = await sql.get<{ last: string | null }>(
    `SELECT max(key) AS last FROM (
       SELECT key FROM run_change WHERE run_id = ? AND kind = ? ORDER BY key LIMIT ?) AS lines`,
    args.runId,
    args.kind,
    args.countMax,
  );
  return lines?.last ?? null;
}

/** The next keys of a plan, whatever their lines say. */
export async function nextPlanned(
  { sql }: Tx,
  planRunId: string,
  args: { afterKey: string; countMax: number },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM run_change WHERE run_id = ? AND key > ? ORDER BY key LIMIT ?`,
    planRunId,
    args.afterKey,
    args.countMax,
  );
  return rows.map(({ key }) => key);
}

/**
 * Those of a plan's lines that the run which applies it has no reason to act on, now that its listing is complete:
 * neither has it done or queued anything about the key, nor marked it absent; and it was not done before.
 */
export async function recordUnfulfilled(
  { sql }: Tx,
  lease: RunLease,
  args: { planRunId: string; keys: readonly string[]; now: number },
): Promise<void> {
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, message, attempt, at)
     SELECT CAST(?1 AS TEXT), p.key, 'drifted', CASE WHEN p.kind IN ('removed', 'on_hold')
         THEN 'It stands in the plan as a removal, and its object is there.'
         ELSE 'It stands in the plan, and the bucket no longer holds what was to be read.' END, 0, CAST(?2 AS BIGINT)
     FROM run_change p LEFT JOIN object o ON o.connection_id = ?5 AND o.key = p.key
     WHERE p.run_id = ?3 AND ${sql.dialect.isIn("p.key", sql.dialect.texts("?4"))}
       AND CASE WHEN p.kind IN ('removed', 'on_hold') THEN o.document_id IS NOT NULL
         WHEN p.kind IN ('added', 'updated', 'retagged') THEN o.key IS NULL
           OR NOT (o.outcome = 'over_limit' OR (o.outcome = 'stored' AND o.stored_etag = p.etag))
         ELSE FALSE END
       AND (o.key IS NULL OR (o.wanted_run IS DISTINCT FROM ?1 AND o.missing_since_run IS DISTINCT FROM ?1))
       AND NOT EXISTS (SELECT 1 FROM run_change c WHERE c.run_id = ?1 AND c.key = p.key)
     ON CONFLICT (run_id, key) DO NOTHING`,
    lease.runId,
    args.now,
    args.planRunId,
    jsonText(args.keys),
    lease.connectionId,
  );
}

const DRIFTED = "kind = 'skipped' AND reason = 'drifted'";

/** The next of the listed objects that the run found drifted. */
export async function nextDrifted({ sql }: Tx, runId: string, args: NextArgs): Promise<string[]> {
  const among = { text: "run_change WHERE run_id = ?1", bindings: [runId] };
  const wanted = { columns: "key", among, only: { text: DRIFTED } };
  const rows = await nextWanted<{ key: string }>(sql, wanted, args);
  return rows.map(({ key }) => key);
}

/** Forgets those of these keys that are still what the run found drifted. */
export async function dropDrifted({ sql }: Tx, runId: string, keys: readonly string[]): Promise<void> {
  await sql.run(
    `DELETE FROM run_change WHERE run_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} AND ${DRIFTED}`,
    runId,
    jsonText(keys),
  );
}

/** The next marked keys that no line of the plan lists as a removal. */
export async function nextUnplanned(
  { sql }: Tx,
  lease: RunLease,
  args: NextArgs & { planRunId: string },
): Promise<string[]> {
  const text = `NOT EXISTS (
    SELECT 1 FROM run_change c WHERE c.run_id = ?3 AND c.key = object.key AND c.kind IN ('removed', 'on_hold'))`;
  const only = { text, bindings: [args.planRunId] };
  const wanted = { columns: "key", among: markedBy(sql, lease), only };
  const rows = await nextWanted<{ key: string }>(sql, wanted, args);
  return rows.map(({ key }) => key);
}
