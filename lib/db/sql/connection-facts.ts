import type { Tx } from "../database";
import { jsonText } from "./json-text";

export type ConnectionFacts = {
  connection_id: string;
  document_count: number;
  failed_count: number;
  cut_count: number;
  last_run_id: string | null;
  last_synced_at: number | null;
  hold_run_id: string | null;
  hold_reason: string | null;
  hold_keys: number;
};

/**
 * What stands beside a connection in a list: counts, the newest run that is no plan, when one last went through all
 * of the bucket, and the open hold. One statement for all.
 */
export async function readConnectionFacts(
  { sql }: Tx,
  ids: readonly string[],
): Promise<Map<string, ConnectionFacts>> {
  const rows = await sql.all<ConnectionFacts>(
    `SELECT c.id AS connection_id,
       (SELECT count(*) FROM document d WHERE d.connection_id = c.id)
         - (SELECT count(*) FROM deleted_document x WHERE x.connection_id = c.id) AS document_count,
       (SELECT count(*) FROM object o ${sql.dialect.indexedBy("object_failed_or_over_limit")}
         WHERE o.connection_id = c.id AND o.outcome = 'failed') AS failed_count,
       (SELECT count(*) FROM document d ${sql.dialect.indexedBy("document_cut")}
         WHERE d.connection_id = c.id AND d.is_cut) AS cut_count,
       (SELECT r.id FROM sync_run r WHERE r.connection_id = c.id AND r.kind <> 'plan'
        ORDER BY r.status = 'running' DESC, r.queued_at DESC, r.status = 'queued' DESC, r.completed_at DESC, r.id
        LIMIT 1) AS last_run_id,
       (SELECT max(r.completed_at) FROM sync_run r
        WHERE r.connection_id = c.id AND r.status = 'completed'
          AND r.kind IN ('sync', 'reread', 'apply')) AS last_synced_at,
       h.run_id AS hold_run_id, h.reason AS hold_reason,
       (SELECT count(*) FROM hold_key k WHERE k.hold_id = h.id) AS hold_keys
     FROM connection c LEFT JOIN hold h ON h.connection_id = c.id AND h.status = 'open'
     WHERE c.id IN (${sql.dialect.texts()})`,
    jsonText(ids),
  );
  return new Map(rows.map((row) => [row.connection_id, row]));
}

/** Connections, newest first, that have all of these tags; an empty list of tags is no filter. */
export async function findConnectionIds({ sql }: Tx, tags: readonly string[]): Promise<string[]> {
  const rows = await sql.all<{ id: string }>(
    `SELECT c.id FROM connection c WHERE c.deleted_at IS NULL AND NOT EXISTS (
       SELECT 1 FROM (${sql.dialect.texts()}) AS wanted WHERE NOT EXISTS (
         SELECT 1 FROM connection_tag t WHERE t.connection_id = c.id AND t.tag = wanted.value))
     ORDER BY c.created_at DESC, c.id`,
    jsonText(tags),
  );
  return rows.map((row) => row.id);
}
