import type { Tx } from "../database";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

const IS_STORED = `stored_etag IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = object.document_id AND d.stale_since IS NOT NULL)`;

/**
 * Those of the keys that this run has marked absent are not read any more, and what is still being read of them comes
 * too late.
 *
 *   what is known of the object        outcome
 *   it failed before                   failed, and due
 *   the stored version is not stale    stored
 *   anything else                      skipped as vanished
 */
export async function leaveQueue({ sql }: Tx, lease: RunLease, keys: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE object SET
       outcome = CASE WHEN reason IS NOT NULL THEN 'failed' WHEN ${IS_STORED} THEN 'stored' ELSE 'skipped' END,
       reason = CASE WHEN reason IS NOT NULL THEN reason WHEN ${IS_STORED} THEN NULL ELSE 'vanished' END,
       next_try_at = CASE WHEN reason IS NOT NULL THEN 0 END,
       wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL
     WHERE connection_id = ?1 AND missing_since_run = ?2 AND wanted_run = ?2 AND outcome = 'queued'
       AND ${sql.dialect.isIn("key", sql.dialect.texts("?3"))}`,
    lease.connectionId,
    lease.runId,
    jsonText(keys),
  );
}
