import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";

/**
 * Gives a new connection the documents that an earlier one over the same store and bucket left behind, with their
 * ids, and puts their objects into its manifest as stored. Its first run then compares them as it does all others.
 */
export async function adoptDocuments(
  tx: Tx,
  args: { connectionId: string; origin: string; prefix: string; prefixEnd: string | null },
): Promise<number> {
  const below = args.prefixEnd === null ? "" : "AND object_key < ?";
  const bounds = args.prefixEnd === null ? [args.prefix] : [args.prefix, args.prefixEnd];
  const { changes } = prepareOnce(
    tx.handle,
    `UPDATE document SET connection_id = ?
     WHERE id IN (SELECT id FROM (
       SELECT id, row_number() OVER (PARTITION BY object_key ORDER BY source_modified DESC, updated_at DESC, id) AS place
       FROM document
       WHERE origin = ? AND object_key >= ? ${below} AND content IS NOT NULL AND (
         connection_id IS NULL
         OR connection_id IN (SELECT id FROM connection WHERE deleted_at IS NOT NULL AND deleted_documents = 'keep')))
       WHERE place = 1)`,
  ).run(args.connectionId, args.origin, ...bounds);
  prepareOnce(
    tx.handle,
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_etag,
       stored_size_bytes, stored_modified, stored_tags, outcome, extractor_version, document_id)
     SELECT d.connection_id, d.object_key, d.source_etag, d.size_bytes, d.source_modified, 'STANDARD', d.source_etag,
       d.size_bytes, d.source_modified,
       coalesce((SELECT group_concat(tag, ',') FROM (SELECT tag FROM document_tag t WHERE t.document_id = d.id ORDER BY tag)), ''),
       'stored', d.extractor_version, d.id
     FROM document d WHERE d.connection_id = ? AND true
     ON CONFLICT (connection_id, key) DO NOTHING`,
  ).run(args.connectionId);
  return changes;
}
