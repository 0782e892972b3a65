import type { Tx } from "../database";

/**
 * The first rows of a key range as one text: of each row, in key order, its key, stored ETag, size and tags, with the
 * given signs behind a field and behind a row. A row that is not stored as it was listed is an exclamation mark, and
 * so is a range in which the run has changed a key.
 */
export async function readWindowDigest(
  tx: Tx,
  run: { runId: string; connectionId: string },
  args: { afterKey: string; untilKey: string | null; countMax: number; fieldEnd: string; rowEnd: string },
): Promise<string> {
  const { afterKey, untilKey, fieldEnd, rowEnd } = args;
  const upTo = (column: string) => (untilKey === null ? "" : `AND ${column} <= ?5`);
  const row = await tx.sql.get<{ digest: string }>(
    `SELECT CASE WHEN EXISTS (SELECT 1 FROM run_change c WHERE c.run_id = ?1 AND c.key > ?2 ${upTo("c.key")})
       THEN '!' ELSE '' END || coalesce(${tx.sql.dialect.join("line", "key")}, '') AS digest
     FROM (SELECT key, CASE
         WHEN outcome = 'stored' AND stored_etag <> '' AND document_id IS NOT NULL AND is_absence_kept = FALSE
         THEN key || CAST(?3 AS TEXT) || stored_etag || CAST(?3 AS TEXT) || CAST(stored_size_bytes AS TEXT)
           || CAST(?3 AS TEXT) || coalesce(stored_tags, '') || CAST(?4 AS TEXT)
         ELSE '!' END AS line
       FROM object WHERE connection_id = ?6 AND key > ?2 ${upTo("key")} ORDER BY key LIMIT ?7) AS lines`,
    run.runId,
    afterKey,
    fieldEnd,
    rowEnd,
    untilKey ?? "",
    run.connectionId,
    args.countMax,
  );
  return row?.digest ?? "";
}
