import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { StoredDocument } from "./documents";
import { type ChunkVersion, demandStaged, openStaged, retireStaged } from "./hidden-chunks";
import { readSerials, takeNumbers } from "./row-numbers";
import { insertChunks } from "./search-index";

/**
 * A document with thousands of chunks would hold the write lock for a second. Its chunks are written ahead, some in
 * each transaction; the one that stores the document has it name their version.
 */

export function isLong(document: StoredDocument): boolean {
  return document.chunks.length > CHUNKS_A_TRANSACTION_MAX;
}

/** Makes room for staged chunks: a row to hang them on, without leftovers of an attempt that was cut. */
export async function beginStaging(
  { sql }: Tx,
  document: StoredDocument,
  now: number,
): Promise<ChunkVersion> {
  const [serial = null] = await takeNumbers(sql, "document", 1);
  await sql.run(
    `INSERT INTO document (serial, id, connection_id, object_key, origin, custom_id, title, type, status, url,
       size_bytes, source_modified, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'indexing', ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
    serial,
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
  const documentSerial = (await readSerials(sql, [document.id])).get(document.id);
  if (documentSerial === undefined) throw new Error("A document has no row to stage for.");
  await retireStaged(sql, [documentSerial]);
  return openStaged(sql, documentSerial);
}

/** Writes the chunks from `firstPosition` on, as many as one transaction may hold. */
export async function stageChunks(
  { sql }: Tx,
  document: StoredDocument,
  args: ChunkVersion & { firstPosition: number },
): Promise<void> {
  await demandStaged(sql, args);
  const { firstPosition } = args;
  const chunks = document.chunks.slice(firstPosition, firstPosition + CHUNKS_A_TRANSACTION_MAX);
  const ids = await takeNumbers(sql, "chunk", chunks.length);
  await insertChunks(sql, [{ ...args, titleTokens: document.titleTokens, chunks }], ids);
}
