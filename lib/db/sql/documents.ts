import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";
import { isLong, retireChunks, turnLive } from "./long-documents";
import { deleteChunks, insertChunks } from "./search-index";

/** A document in its newest version, with everything search needs of it. Sizes are bytes, times epoch milliseconds. */
export type StoredDocument = {
  id: string;
  connectionId: string;
  objectKey: string;
  origin: string;
  customId: string;
  title: string;
  type: string;
  content: string;
  contentHash: string;
  url: string;
  /** Facts of the object; what a person or program attached beside them stays. */
  metadata: Record<string, string | number>;
  sourceEtag: string;
  sizeBytes: number;
  sourceModified: number;
  extractorVersion: number;
  isCut: boolean;
  /** Joined by commas. */
  tags: string;
  titleTokens: string;
  chunks: readonly { content: string; tokens: string }[];
};

/**
 * Stores a batch: row, tags, chunks and index, each document wholly replaced. Until this transaction commits the
 * former version is what search finds. The chunks of a long document are staged already.
 */
export async function storeDocuments(
  tx: Tx,
  documents: readonly StoredDocument[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  const former = await longAmong(tx, documents);
  retireChunks(tx, former);
  turnLive(
    tx,
    documents.filter(isLong).map(({ id }) => id),
  );
  const short = documents.filter((document) => !isLong(document));
  deleteChunks(
    tx.handle,
    short.map(({ id }) => id).filter((id) => !former.includes(id)),
  );
  const rows = documents.map(({ chunks, titleTokens: _title, metadata, ...columns }) => ({
    ...columns,
    metadata: jsonText(metadata),
    chunkCount: chunks.length,
  }));
  prepareOnce(tx.handle, UPSERT_DOCUMENTS).run(now, now, jsonText(rows));
  insertChunks(
    tx.handle,
    short.map(({ id, titleTokens, chunks }) => ({
      documentId: id,
      titleTokens,
      chunks,
      firstPosition: 0,
      phase: "live" as const,
    })),
  );
  await replaceTags(tx, documents);
}

/** Short documents whose former version was long: its chunks are retired, not deleted here. */
async function longAmong(tx: Tx, documents: readonly StoredDocument[]): Promise<string[]> {
  const ids = jsonText(documents.filter((document) => !isLong(document)).map(({ id }) => id));
  const rows = prepareOnce(
    tx.handle,
    `SELECT id FROM document WHERE chunk_count > ? AND id IN (SELECT value FROM json_each(?))`,
  ).all(CHUNKS_A_TRANSACTION_MAX, ids) as { id: string }[];
  return rows.map(({ id }) => id);
}

const UPSERT_DOCUMENTS = `
  INSERT INTO document (id, connection_id, object_key, origin, custom_id, title, type, status, content,
    content_hash, url, metadata, source_etag, size_bytes, source_modified, extractor_version, chunk_count,
    is_cut, created_at, updated_at)
  SELECT j.value ->> 'id', j.value ->> 'connectionId', j.value ->> 'objectKey', j.value ->> 'origin',
    j.value ->> 'customId', j.value ->> 'title', j.value ->> 'type', 'done', j.value ->> 'content',
    j.value ->> 'contentHash', j.value ->> 'url', j.value ->> 'metadata', j.value ->> 'sourceEtag',
    j.value ->> 'sizeBytes', j.value ->> 'sourceModified', j.value ->> 'extractorVersion',
    j.value ->> 'chunkCount', j.value ->> 'isCut', ?, ?
  FROM json_each(?) j WHERE true
  ON CONFLICT (id) DO UPDATE SET
    connection_id = excluded.connection_id, object_key = excluded.object_key, origin = excluded.origin,
    custom_id = excluded.custom_id, title = excluded.title, type = excluded.type, status = 'done',
    content = excluded.content, content_hash = excluded.content_hash, url = excluded.url,
    metadata = json_patch(document.metadata, excluded.metadata), source_etag = excluded.source_etag,
    size_bytes = excluded.size_bytes, source_modified = excluded.source_modified,
    extractor_version = excluded.extractor_version, chunk_count = excluded.chunk_count,
    is_cut = excluded.is_cut, stale_since = NULL, error = NULL, updated_at = excluded.updated_at`;

/** Gives each document exactly these tags. */
export async function replaceTags(tx: Tx, documents: readonly { id: string; tags: string }[]): Promise<void> {
  const ids = jsonText(documents.map((document) => document.id));
  const pairs = documents.flatMap(({ id, tags }) =>
    tags === "" ? [] : tags.split(",").map((tag) => [id, tag]),
  );
  prepareOnce(
    tx.handle,
    `DELETE FROM document_tag WHERE document_id IN (SELECT value FROM json_each(?))`,
  ).run(ids);
  prepareOnce(
    tx.handle,
    `INSERT INTO document_tag (document_id, tag) SELECT value ->> 0, value ->> 1 FROM json_each(?)`,
  ).run(jsonText(pairs));
}

/** New tags for documents whose text stays as it is. */
export async function retagDocuments(
  tx: Tx,
  documents: readonly { id: string; tags: string }[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  await replaceTags(tx, documents);
  prepareOnce(
    tx.handle,
    `UPDATE document SET updated_at = ?, stale_since = NULL, error = NULL
     WHERE id IN (SELECT value FROM json_each(?))`,
  ).run(now, jsonText(documents.map((document) => document.id)));
}

export type FailedDocument = {
  id: string;
  connectionId: string;
  objectKey: string;
  origin: string;
  customId: string;
  title: string;
  url: string;
  sizeBytes: number;
  sourceModified: number;
  tags: string;
  error: string;
};

/**
 * Makes failures visible as documents. One that has text keeps it, with its tags, and is marked stale; one that
 * has none is `failed`.
 */
export async function failDocuments(
  tx: Tx,
  documents: readonly FailedDocument[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  prepareOnce(
    tx.handle,
    `INSERT INTO document (id, connection_id, object_key, origin, custom_id, title, type, status, url, size_bytes,
       source_modified, error, created_at, updated_at)
     SELECT j.value ->> 'id', j.value ->> 'connectionId', j.value ->> 'objectKey', j.value ->> 'origin',
       j.value ->> 'customId', j.value ->> 'title', 'text', 'failed', j.value ->> 'url', j.value ->> 'sizeBytes',
       j.value ->> 'sourceModified', j.value ->> 'error', ?, ?
     FROM json_each(?) j WHERE true
     ON CONFLICT (id) DO UPDATE SET error = excluded.error, updated_at = excluded.updated_at,
       status = CASE WHEN document.content IS NULL THEN 'failed' ELSE document.status END,
       stale_since = CASE WHEN document.content IS NULL THEN NULL
                          ELSE coalesce(document.stale_since, excluded.updated_at) END`,
  ).run(now, now, jsonText(documents));
  prepareOnce(
    tx.handle,
    `INSERT INTO document_tag (document_id, tag)
     SELECT d.value ->> 0, d.value ->> 1 FROM json_each(?) d
     JOIN document ON document.id = d.value ->> 0 AND document.content IS NULL WHERE true
     ON CONFLICT DO NOTHING`,
  ).run(
    jsonText(documents.flatMap(({ id, tags }) => (tags === "" ? [] : tags.split(",").map((t) => [id, t])))),
  );
}

/** The object can no longer be text. What is stored stays and is marked stale; a document without text goes. */
export async function setDocumentsAside(
  tx: Tx,
  documents: readonly { id: string; error: string }[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  const list = jsonText(documents);
  prepareOnce(
    tx.handle,
    `UPDATE document SET stale_since = coalesce(stale_since, ?), updated_at = ?,
       error = (SELECT j.value ->> 'error' FROM json_each(?) j WHERE j.value ->> 'id' = document.id)
     WHERE content IS NOT NULL AND id IN (SELECT value ->> 'id' FROM json_each(?))`,
  ).run(now, now, list, list);
  const bare = prepareOnce(
    tx.handle,
    `SELECT id FROM document WHERE content IS NULL AND id IN (SELECT value ->> 'id' FROM json_each(?))`,
  ).all(list) as { id: string }[];
  await removeDocuments(
    tx,
    bare.map(({ id }) => id),
  );
}

/** What is stored is the bucket's version again. */
export async function refreshDocuments(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  prepareOnce(
    tx.handle,
    `UPDATE document SET stale_since = NULL, error = NULL WHERE id IN (SELECT value FROM json_each(?))`,
  ).run(jsonText(ids));
}

/** Removes documents with their chunks and their place in the index. */
export async function removeDocuments(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  deleteChunks(tx.handle, ids);
  prepareOnce(tx.handle, `DELETE FROM document WHERE id IN (SELECT value FROM json_each(?))`).run(
    jsonText(ids),
  );
}
