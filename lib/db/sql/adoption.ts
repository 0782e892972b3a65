import type { Tx } from "../database";
import { jsonText } from "./json-text";
import { holdAlone } from "./locks";

/** The part of a store that a new connection looks at: keys in [prefix, prefixEnd), null for without an end. */
export type AdoptionPlace = {
  connectionId: string;
  origin: string;
  prefix: string;
  prefixEnd: string | null;
};

/** Whether a listing of the connection has come to its end: from then on its manifest is its own. */
export async function hasListed({ sql }: Tx, connectionId: string): Promise<boolean> {
  const row = await sql.get(
    `SELECT 1 AS found FROM sync_run
     WHERE connection_id = ? AND listed_at IS NOT NULL AND kind IN ('sync', 'reread', 'apply') LIMIT 1`,
    connectionId,
  );
  return row !== undefined;
}

const LEAVING = `SELECT id FROM connection WHERE deleted_at IS NOT NULL AND deleted_documents = 'keep'`;

/** Whose documents may be adopted: nobody's (null), and those of connections on their way out that keep them. */
export async function listLeftBy({ sql }: Tx): Promise<(string | null)[]> {
  const leaving = await sql.all<{ id: string }>(`${LEAVING} ORDER BY id`);
  return [null, ...leaving.map(({ id }) => id)];
}

/** Keys of documents with text that were left behind, in key order; a key of several documents comes once. */
export async function nextLeftBehind(
  { sql }: Tx,
  place: AdoptionPlace,
  args: { leftBy: string | null; afterKey: string; countMax: number },
): Promise<string[]> {
  const { leftBy } = args;
  const rows = await sql.all<{ object_key: string }>(
    `SELECT DISTINCT object_key FROM document
     WHERE origin = ? AND object_key > ? AND object_key >= ? ${place.prefixEnd === null ? "" : "AND object_key < ?"}
       AND connection_id ${leftBy === null ? "IS NULL" : "= ?"} AND content IS NOT NULL
     ORDER BY object_key LIMIT ?`,
    place.origin,
    args.afterKey,
    place.prefix,
    ...(place.prefixEnd === null ? [] : [place.prefixEnd]),
    ...(leftBy === null ? [] : [leftBy]),
    args.countMax,
  );
  return rows.map((row) => row.object_key);
}

/**
 * Gives a connection the documents of these keys that are left behind, with their ids, and puts their objects into its
 * manifest as stored; of several documents of one key the newest. Keys it has already stay as they are. Resolves with
 * how many documents it was.
 */
export async function adoptDocuments(tx: Tx, place: AdoptionPlace, keys: readonly string[]): Promise<number> {
  const { sql } = tx;
  const { connectionId, origin } = place;
  // Two connections over the same bucket take them one after the other.
  await holdAlone(tx, `adoption ${origin}`);
  const leftBehind = (leftBy: string) => `
    SELECT id, object_key, source_modified, updated_at FROM document
    WHERE connection_id ${leftBy} AND origin = ?1 AND ${sql.dialect.isIn("object_key", sql.dialect.texts("?2"))} AND content IS NOT NULL`;
  const { changes } = await sql.run(
    `UPDATE document SET connection_id = ?3
     WHERE id IN (SELECT id FROM (
       SELECT id, object_key, row_number() OVER (PARTITION BY object_key
         ORDER BY source_modified DESC NULLS LAST, updated_at DESC, id) AS place
       FROM (${leftBehind("IS NULL")} UNION ALL ${leftBehind(`IN (${LEAVING})`)}) AS left_behind) AS ranked
       WHERE place = 1 AND NOT EXISTS (
         SELECT 1 FROM object o WHERE o.connection_id = ?3 AND o.key = ranked.object_key))`,
    origin,
    jsonText(keys),
    connectionId,
  );
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_etag,
       stored_size_bytes, stored_modified, stored_tags, outcome, extractor_version, document_id)
     SELECT d.connection_id, d.object_key, d.source_etag, d.size_bytes, d.source_modified, 'STANDARD', d.source_etag,
       d.size_bytes, d.source_modified,
       coalesce((SELECT string_agg(tag, ',' ORDER BY tag) FROM document_tag t WHERE t.document_serial = d.serial), ''),
       'stored', d.extractor_version, d.id
     FROM document d WHERE d.connection_id = ? AND ${sql.dialect.isIn("d.object_key", sql.dialect.texts())}
     ON CONFLICT (connection_id, key) DO NOTHING`,
    connectionId,
    jsonText(keys),
  );
  return changes;
}
