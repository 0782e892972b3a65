import { CHUNKS_A_TRANSACTION_MAX } from "@/lib/core/limits";
import type { Tx } from "../database";
import type { SqlSession } from "../sql-session";
import type { ListColumns, SqlDialect } from "./dialect";
import { deleteTags, insertTags } from "./document-tags";
import { fetchRows } from "./fetch-rows";
import { jsonText } from "./json-text";
import { isLong, retireChunks, turnLive } from "./long-documents";
import { takeNumbers } from "./row-numbers";
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
  const { sql } = tx;
  const former = await formerVersions(tx, documents);
  const short = documents.filter((document) => !isLong(document));
  const formerOfShort = short.flatMap(({ id }) => former.get(id) ?? []);
  await retireChunks(tx, idsOf(formerOfShort.filter(({ wasLong }) => wasLong)));
  await turnLive(tx, idsOf(documents.filter(isLong)));
  await deleteChunks(sql, idsOf(formerOfShort.filter(({ wasLong }) => !wasLong)));
  const serials = await serialsFor(sql, documents, former);
  const serialOf = ({ id }: { id: string }) => {
    const serial = serials.get(id);
    if (serial === undefined) throw new Error("A document has no number.");
    return serial;
  };
  const rows = documents.map((document) => {
    return { ...document, serial: serialOf(document), chunkCount: document.chunks.length };
  });
  await sql.run(upsertDocuments(sql.dialect), now, now, sql.dialect.list(STORED, rows));
  await insertChunks(
    sql,
    short.map((document) => {
      const { titleTokens, chunks } = document;
      return { documentSerial: serialOf(document), titleTokens, chunks, firstPosition: 0, phase: "live" };
    }),
  );
  await deleteTags(
    tx,
    [...former.values()].map(({ serial }) => serial),
  );
  await insertTags(tx, rows);
}

/** The number that each document has, or is to have, by its id. */
async function serialsFor(
  sql: SqlSession,
  documents: readonly StoredDocument[],
  former: ReadonlyMap<string, FormerVersion>,
): Promise<Map<string, number>> {
  const added = idsOf(documents).filter((id) => !former.has(id));
  const taken = await takeNumbers(sql, "document", added.length);
  const serials = new Map([...former.values()].map(({ id, serial }) => [id, serial]));
  for (const [at, serial] of taken.entries()) serials.set(added[at] ?? "", serial);
  return serials;
}

type FormerVersion = { id: string; serial: number; wasLong: boolean };

/** Those of the documents that are there already: of a new one there is nothing to take away. */
async function formerVersions(
  { sql }: Tx,
  documents: readonly StoredDocument[],
): Promise<Map<string, FormerVersion>> {
  const rows = await fetchRows<{ id: string; serial: number; chunk_count: number }>(
    sql,
    ["id", "serial", "chunk_count"],
    `SELECT id, serial, chunk_count FROM document WHERE id IN (${sql.dialect.texts()})`,
    jsonText(idsOf(documents)),
  );
  return new Map(
    rows.map(({ id, serial, chunk_count }) => {
      return [id, { id, serial, wasLong: chunk_count > CHUNKS_A_TRANSACTION_MAX }];
    }),
  );
}

function idsOf(documents: readonly { id: string }[]): string[] {
  return documents.map(({ id }) => id);
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
  isCut: "boolean",
} satisfies ListColumns;

const upsertDocuments = (dialect: SqlDialect) => `
  INSERT INTO document (serial, id, connection_id, object_key, origin, custom_id, title, type, status, content,
    content_hash, url, metadata, source_etag, size_bytes, source_modified, extractor_version, chunk_count,
    is_cut, created_at, updated_at)
  SELECT j.serial, j.id, j.connection_id, j.object_key, j.origin, j.custom_id, j.title, j.type, 'done', j.content,
    j.content_hash, j.url, j.metadata, j.source_etag, j.size_bytes, j.source_modified, j.extractor_version,
    j.chunk_count, j.is_cut, ?, ?
  FROM ${dialect.rows(STORED)} WHERE TRUE
  ON CONFLICT (id) DO UPDATE SET
    connection_id = excluded.connection_id, object_key = excluded.object_key, origin = excluded.origin,
    custom_id = excluded.custom_id, title = excluded.title, type = excluded.type, status = 'done',
    content = excluded.content, content_hash = excluded.content_hash, url = excluded.url,
    metadata = ${dialect.mergeJson("document.metadata", "excluded.metadata")}, source_etag = excluded.source_etag,
    size_bytes = excluded.size_bytes, source_modified = excluded.source_modified,
    extractor_version = excluded.extractor_version, chunk_count = excluded.chunk_count,
    is_cut = excluded.is_cut, stale_since = NULL, error = NULL, updated_at = excluded.updated_at`;

/** Removes documents with their chunks and their place in the index. */
export async function removeDocuments({ sql }: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await deleteChunks(sql, ids);
  await sql.run(`DELETE FROM document WHERE id IN (${sql.dialect.texts()})`, jsonText(ids));
}
