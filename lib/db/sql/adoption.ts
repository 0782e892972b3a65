import type { Tx } from "../database";
import { holdAlone } from "./locks";

/**
 * Gives a new connection the documents that an earlier one over the same store and bucket left behind, with their
 * ids, and puts their objects into its manifest as stored. Its first run then compares them as it does all others.
 */
export async function adoptDocuments(
  tx: Tx,
  args: { connectionId: string; origin: string; prefix: string; prefixEnd: string | null },
): Promise<number> {
  const { sql } = tx;
  // Of two connections over the same bucket, made at the same moment, one gets them.
  await holdAlone(tx, `adoption ${args.origin}`);
  const below = args.prefixEnd === null ? "" : "AND object_key < ?";
  const bounds = args.prefixEnd === null ? [args.prefix] : [args.prefix, args.prefixEnd];
  const { changes } = await sql.run(
    `UPDATE document SET connection_id = ?
     WHERE id IN (SELECT id FROM (
       SELECT id, row_number() OVER (PARTITION BY object_key
         ORDER BY source_modified DESC NULLS LAST, updated_at DESC, id) AS place
       FROM document
       WHERE origin = ? AND object_key >= ? ${below} AND content IS NOT NULL AND (
         connection_id IS NULL
         OR connection_id IN (SELECT id FROM connection WHERE deleted_at IS NOT NULL AND deleted_documents = 'keep'))
       ) AS left_behind
       WHERE place = 1)`,
    args.connectionId,
    args.origin,
    ...bounds,
  );
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_etag,
       stored_size_bytes, stored_modified, stored_tags, outcome, extractor_version, document_id)
     SELECT d.connection_id, d.object_key, d.source_etag, d.size_bytes, d.source_modified, 'STANDARD', d.source_etag,
       d.size_bytes, d.source_modified,
       coalesce((SELECT string_agg(tag, ',' ORDER BY tag) FROM document_tag t WHERE t.document_id = d.id), ''),
       'stored', d.extractor_version, d.id
     FROM document d WHERE d.connection_id = ?
     ON CONFLICT (connection_id, key) DO NOTHING`,
    args.connectionId,
  );
  return changes;
}
