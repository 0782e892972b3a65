import { chunkText } from "@/lib/analyze/chunk";
import { tokenize } from "@/lib/analyze/tokens";
import { CHUNK_INDEX_SQL, insertChunks } from "@/lib/db/sql/search-index";
import { openSqliteHandle, type SqliteHandle } from "@/lib/db/sqlite-handle";

export type SearchableDocument = {
  id: string;
  title?: string;
  text: string;
  tags?: string[];
  metadata?: Record<string, unknown>;
  updatedAt?: number;
};

export type Searchable = { handle: SqliteHandle; add(documents: readonly SearchableDocument[]): void };

/** A database in memory with no more than what search reads, for tests that need no Prisma. */
export function openSearchable(): Searchable {
  const handle = openSqliteHandle(":memory:");
  handle.exec(TABLES);
  handle.exec(CHUNK_INDEX_SQL);
  return { handle, add: (documents) => addDocuments(handle, documents) };
}

const TABLES = `
  CREATE TABLE document (
    id TEXT PRIMARY KEY, title TEXT, metadata TEXT, updated_at INTEGER, connection_id TEXT);
  CREATE TABLE connection (id TEXT PRIMARY KEY, deleted_documents TEXT);
  CREATE TABLE document_tag (document_id TEXT, tag TEXT, PRIMARY KEY (document_id, tag));
  CREATE INDEX document_tag_tag ON document_tag (tag, document_id);
  CREATE TABLE chunk (id INTEGER PRIMARY KEY, document_id TEXT NOT NULL, position INTEGER NOT NULL, content TEXT NOT NULL, phase TEXT NOT NULL DEFAULT 'live');
  CREATE INDEX chunk_document ON chunk (document_id, position);`;

function addDocuments(handle: SqliteHandle, documents: readonly SearchableDocument[]): void {
  const document = handle.prepare(
    `INSERT INTO document (id, title, metadata, updated_at) VALUES (?, ?, ?, ?)`,
  );
  const tag = handle.prepare(`INSERT INTO document_tag (document_id, tag) VALUES (?, ?)`);
  for (const added of documents) {
    document.run(added.id, added.title ?? null, JSON.stringify(added.metadata ?? {}), added.updatedAt ?? 0);
    for (const name of added.tags ?? []) tag.run(added.id, name);
  }
  insertChunks(
    handle,
    documents.map((added) => ({
      documentId: added.id,
      titleTokens: tokenize(added.title ?? ""),
      firstPosition: 0,
      phase: "live",
      chunks: chunkText(added.text).chunks.map(({ content }) => ({ content, tokens: tokenize(content) })),
    })),
  );
}
