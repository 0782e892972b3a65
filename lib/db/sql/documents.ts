import { firstWithin } from "@/lib/core/first-within";
import { CHUNKS_REMOVED_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { ListColumns, SqlDialect } from "./dialect";
import { deleteTags, insertTags } from "./document-tags";
import { fetchRows } from "./fetch-rows";
import { type ChunkVersion, retireAll, retireFound, retireStaged, revealStaged } from "./hidden-chunks";
import { jsonText } from "./json-text";
import { isLong } from "./long-documents";
import { takeNumbers } from "./row-numbers";
import { type DocumentChunks, insertChunks } from "./search-index";

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
  const { sql } = tx;
  const short = documents.filter((document) => !isLong(document));
  const [former, serials, chunkIds] = await Promise.all([
    formerVersions(tx, documents),
    takeNumbers(sql, "document", documents.length),
    takeNumbers(sql, "chunk", countChunksOf(short)),
  ]);
  const rows = documents.map((document, at) => {
    const known = former.get(document.id);
    const serial = known?.serial ?? serials[at];
    if (serial === undefined) throw new Error("A document has no number.");
    return {
      ...document,
      serial,
      chunkVersion: versionFor(document, known),
      chunkCount: document.chunks.length,
    };
  });
  const formerSerials = [...former.values()].map(({ serial }) => serial);
  await Promise.all([
    retireFound(sql, formerSerials),
    sql.run(upsertDocuments(sql.dialect), now, now, sql.dialect.list(STORED, rows)),
    revealStaged(sql, rows.filter(isLong).map(versionOf)),
    retireStaged(sql, formerSerials),
    insertChunks(sql, rows.filter((row) => !isLong(row)).map(chunksOf), chunkIds),
    deleteTags(tx, formerSerials),
    insertTags(tx, rows),
  ]);
}

type StoredRow = StoredDocument & { serial: number; chunkVersion: number };

function chunksOf({ serial, chunkVersion, titleTokens, chunks }: StoredRow): DocumentChunks {
  return { documentSerial: serial, version: chunkVersion, titleTokens, chunks, firstPosition: 0 };
}

/** The version of its chunks that a document is to name: the one that is staged, or one that none of its chunks has. */
function versionFor(document: StoredDocument, former: FormerVersion | undefined): number {
  if (!isLong(document)) return former === undefined ? 0 : 1 + Math.max(former.version, former.hidden);
  if (former === undefined || former.staged === null) throw new Error("A long document is not staged.");
  return former.staged;
}

/** `version` is what the document names; `hidden` the highest that is hidden of its chunks, or -1. */
type FormerVersion = { id: string; serial: number; version: number; hidden: number; staged: number | null };

/** Those of the documents that are there already: of a new one there is nothing to take away. */
async function formerVersions(
  { sql }: Tx,
  documents: readonly StoredDocument[],
): Promise<Map<string, FormerVersion>> {
  const rows = await fetchRows<FormerVersion>(
    sql,
    ["id", "serial", "version", "hidden", "staged"],
    `SELECT d.id, d.serial, d.chunk_version AS version, coalesce(max(h.version), -1) AS hidden,
       max(CASE WHEN h.phase = 'staged' THEN h.version END) AS staged
     FROM document d LEFT JOIN hidden_chunks h ON h.document_serial = d.serial
     WHERE d.id IN (${sql.dialect.texts()}) GROUP BY d.id, d.serial, d.chunk_version`,
    jsonText(idsOf(documents)),
  );
  return new Map(rows.map((row) => [row.id, row]));
}

function countChunksOf(documents: readonly StoredDocument[]): number {
  return documents.reduce((sum, { chunks }) => sum + chunks.length, 0);
}

function idsOf(documents: readonly { id: string }[]): string[] {
  return documents.map(({ id }) => id);
}

function versionOf({ serial, chunkVersion }: StoredRow): ChunkVersion {
  return { documentSerial: serial, version: chunkVersion };
}

const STORED = {
  serial: "bigint",
  id: "text",
  connectionId: "text",
  objectKey: "text",
  origin: "text",
  customId: "text",
  title: "text",
  type: "text",
  content: "text",
  contentHash: "text",
  url: "text",
  metadata: "json",
  sourceEtag: "text",
  sizeBytes: "bigint",
  sourceModified: "bigint",
  extractorVersion: "integer",
  chunkCount: "integer",
  chunkVersion: "integer",
  isCut: "boolean",
} satisfies ListColumns;

const upsertDocuments = (dialect: SqlDialect) => `
  INSERT INTO document (serial, id, connection_id, object_key, origin, custom_id, title, type, status, content,
    content_hash, url, metadata, source_etag, size_bytes, source_modified, extractor_version, chunk_count,
    chunk_version, is_cut, created_at, updated_at)
  SELECT j.serial, j.id, j.connection_id, j.object_key, j.origin, j.custom_id, j.title, j.type, 'done', j.content,
    j.content_hash, j.url, j.metadata, j.source_etag, j.size_bytes, j.source_modified, j.extractor_version,
    j.chunk_count, j.chunk_version, j.is_cut, ?, ?
  FROM ${dialect.rows(STORED)} WHERE TRUE
  ON CONFLICT (id) DO UPDATE SET
    connection_id = excluded.connection_id, object_key = excluded.object_key, origin = excluded.origin,
    custom_id = excluded.custom_id, title = excluded.title, type = excluded.type, status = 'done',
    content = excluded.content, content_hash = excluded.content_hash, url = excluded.url,
    metadata = ${dialect.mergeJson("document.metadata", "excluded.metadata")}, source_etag = excluded.source_etag,
    size_bytes = excluded.size_bytes, source_modified = excluded.source_modified,
    extractor_version = excluded.extractor_version, chunk_count = excluded.chunk_count,
    chunk_version = excluded.chunk_version, is_cut = excluded.is_cut, stale_since = NULL, error = NULL,
    updated_at = excluded.updated_at`;

/**
 * Removes the first of these documents, by how much text they have; one that is not there has none. Their chunks are
 * found no more, and are deleted piece by piece. Resolves with the ids that are gone.
 */
export async function removeDocuments(tx: Tx, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const { sql } = tx;
  const rows = await sql.all<{ id: string; chunks: number }>(
    `SELECT id, chunk_count AS chunks FROM document WHERE id IN (${sql.dialect.texts()})
     ${sql.dialect.locking("FOR UPDATE")}`,
    jsonText(ids),
  );
  const chunks = new Map(rows.map((row) => [row.id, row.chunks]));
  const first = firstWithin(ids, CHUNKS_REMOVED_MAX, (id) => chunks.get(id) ?? 0);
  await retireAll(tx, first);
  await sql.run(`DELETE FROM document WHERE id IN (${sql.dialect.texts()})`, jsonText(first));
  return first;
}
