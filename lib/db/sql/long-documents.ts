import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import type { StoredDocument } from "./documents";
import { jsonText } from "./json-text";
import { insertChunks } from "./search-index";

/**
 * A document with thousands of chunks would hold the write lock for a second. Its chunks are written ahead, some in
 * each transaction, as `staged`; the transaction that stores the document turns them live and its former chunks
 * `retired`, which are then deleted some at a time. Search sees only what is live.
 */

export function isLong(document: StoredDocument): boolean {
  return document.chunks.length > CHUNKS_A_TRANSACTION_MAX;
}

/** Makes room for staged chunks: a row to hang them on, without leftovers of an attempt that was cut. */
export async function beginStaging(tx: Tx, document: StoredDocument, now: number): Promise<void> {
  prepareOnce(
    tx.handle,
    `INSERT INTO document (id, connection_id, object_key, origin, custom_id, title, type, status, url, size_bytes,
       source_modified, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'indexing', ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ).run(
    document.id,
    document.connectionId,
    document.objectKey,
    document.origin,
    document.customId,
    document.title,
    document.type,
    document.url,
    document.sizeBytes,
    document.sourceModified,
    now,
    now,
  );
  prepareOnce(tx.handle, `UPDATE chunk SET phase = 'retired' WHERE document_id = ? AND phase = 'staged'`).run(
    document.id,
  );
}

/** Writes the chunks from `firstPosition` on, as many as one transaction may hold. */
export async function stageChunks(tx: Tx, document: StoredDocument, firstPosition: number): Promise<void> {
  const { id: documentId, titleTokens } = document;
  const chunks = document.chunks.slice(firstPosition, firstPosition + CHUNKS_A_TRANSACTION_MAX);
  insertChunks(tx.handle, [{ documentId, titleTokens, chunks, firstPosition, phase: "staged" }]);
}

/** Staged chunks of these documents are found from now on, and their former ones no longer. */
export function turnLive(tx: Tx, documentIds: readonly string[]): void {
  prepareOnce(
    tx.handle,
    `UPDATE chunk SET phase = iif(phase = 'staged', 'live', 'retired')
     WHERE phase <> 'retired' AND document_id IN (SELECT value FROM json_each(?))`,
  ).run(jsonText(documentIds));
}

/** None of these documents' chunks is found from now on, whatever an attempt that was cut has staged. */
export function retireChunks(tx: Tx, documentIds: readonly string[]): void {
  prepareOnce(
    tx.handle,
    `UPDATE chunk SET phase = 'retired'
     WHERE phase <> 'retired' AND document_id IN (SELECT value FROM json_each(?))`,
  ).run(jsonText(documentIds));
}

/** Deletes up to so many retired chunks, of whatever document; resolves with how many it was. */
export async function deleteRetiredChunks(tx: Tx): Promise<number> {
  return deleteSome(tx, `SELECT id FROM chunk WHERE phase = 'retired' LIMIT ?`);
}

/** The same for chunks of documents that are about to be removed. */
export async function deleteChunksAhead(tx: Tx, documentIds: readonly string[]): Promise<number> {
  const ofDocuments = `SELECT id FROM chunk WHERE document_id IN (SELECT value FROM json_each(?)) LIMIT ?`;
  return deleteSome(tx, ofDocuments, jsonText(documentIds));
}

function deleteSome(tx: Tx, select: string, ...bindings: string[]): number {
  const rows = prepareOnce(tx.handle, select).all(...bindings, CHUNKS_A_TRANSACTION_MAX) as { id: number }[];
  if (rows.length === 0) return 0;
  const ids = jsonText(rows.map(({ id }) => id));
  prepareOnce(tx.handle, `DELETE FROM chunk_index WHERE rowid IN (SELECT value FROM json_each(?))`).run(ids);
  prepareOnce(tx.handle, `DELETE FROM chunk WHERE id IN (SELECT value FROM json_each(?))`).run(ids);
  return rows.length;
}
