import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { SqlBinding } from "../sql-session";
import type { StoredDocument } from "./documents";
import { jsonText } from "./json-text";
import { readSerials, serialsOf } from "./row-numbers";
import { deleteIndexed, insertChunks } from "./search-index";

/**
 * A document with thousands of chunks would hold the write lock for a second. Its chunks are written ahead, some in
 * each transaction, as `staged`; the transaction that stores the document turns them live and its former chunks
 * `retired`, which are then deleted some at a time. Search sees only what is live.
 */

export function isLong(document: StoredDocument): boolean {
  return document.chunks.length > CHUNKS_A_TRANSACTION_MAX;
}

/** Makes room for staged chunks: a row to hang them on, without leftovers of an attempt that was cut. */
export async function beginStaging({ sql }: Tx, document: StoredDocument, now: number): Promise<void> {
  await sql.run(
    `INSERT INTO document (id, connection_id, object_key, origin, custom_id, title, type, status, url, size_bytes,
       source_modified, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'indexing', ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
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
  await sql.run(
    `UPDATE chunk SET phase = 'retired' WHERE phase = 'staged' AND document_serial IN (${serialsOf("?")})`,
    document.id,
  );
}

/** Writes the chunks from `firstPosition` on, as many as one transaction may hold. */
export async function stageChunks(
  { sql }: Tx,
  document: StoredDocument,
  firstPosition: number,
): Promise<void> {
  const { id, titleTokens } = document;
  const documentSerial = (await readSerials(sql, [id])).get(id);
  if (documentSerial === undefined) throw new Error("A document has to have a row before its chunks.");
  const chunks = document.chunks.slice(firstPosition, firstPosition + CHUNKS_A_TRANSACTION_MAX);
  await insertChunks(sql, [{ documentSerial, titleTokens, chunks, firstPosition, phase: "staged" }]);
}

/** Staged chunks of these documents are found from now on, and their former ones no longer. */
export async function turnLive({ sql }: Tx, documentIds: readonly string[]): Promise<void> {
  if (documentIds.length === 0) return;
  await sql.run(
    `UPDATE chunk SET phase = CASE WHEN phase = 'staged' THEN 'live' ELSE 'retired' END
     WHERE phase <> 'retired' AND document_serial IN (${serialsOf(sql.dialect.texts())})`,
    jsonText(documentIds),
  );
}

/** None of these documents' chunks is found from now on, whatever an attempt that was cut has staged. */
export async function retireChunks({ sql }: Tx, documentIds: readonly string[]): Promise<void> {
  if (documentIds.length === 0) return;
  await sql.run(
    `UPDATE chunk SET phase = 'retired'
     WHERE phase <> 'retired' AND document_serial IN (${serialsOf(sql.dialect.texts())})`,
    jsonText(documentIds),
  );
}

/**
 * Up to `countMax` chunks that were staged for a version nobody is about to store any more, as after a run that was
 * canceled in the middle. They go with the retired ones; resolves with how many it was.
 */
export async function retireAbandoned({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `UPDATE chunk SET phase = 'retired' WHERE id IN (
       SELECT c.id FROM chunk c JOIN document d ON d.serial = c.document_serial
       WHERE c.phase <> 'live' AND c.phase = 'staged' AND NOT EXISTS (
         SELECT 1 FROM object o
         WHERE o.connection_id = d.connection_id AND o.key = d.object_key AND o.outcome = 'queued')
       LIMIT ?)`,
    countMax,
  );
  return changes;
}

/** Whether any document has left chunks to be deleted. */
export async function hasRetiredChunks({ sql }: Tx): Promise<boolean> {
  return (await sql.get(`SELECT 1 AS found FROM chunk WHERE ${RETIRED} LIMIT 1`)) !== undefined;
}

/** The first condition is that of the index over the few chunks that are not live. */
const RETIRED = `phase <> 'live' AND phase = 'retired'`;

/** Deletes up to CHUNKS_A_TRANSACTION_MAX retired chunks, of whatever document; resolves with how many it was. */
export async function deleteRetiredChunks(tx: Tx): Promise<number> {
  return deleteSome(tx, `SELECT id FROM chunk WHERE ${RETIRED} LIMIT ?`);
}

/** The same for chunks of documents that are about to be removed. */
export async function deleteChunksAhead(tx: Tx, documentIds: readonly string[]): Promise<number> {
  const ofDocuments = `SELECT id FROM chunk WHERE document_serial IN (${serialsOf(tx.sql.dialect.texts())}) LIMIT ?`;
  return deleteSome(tx, ofDocuments, jsonText(documentIds));
}

async function deleteSome({ sql }: Tx, select: string, ...bindings: SqlBinding[]): Promise<number> {
  const rows = await sql.all<{ id: number }>(select, ...bindings, CHUNKS_A_TRANSACTION_MAX);
  if (rows.length > 0)
    await deleteIndexed(
      sql,
      rows.map(({ id }) => id),
    );
  return rows.length;
}
