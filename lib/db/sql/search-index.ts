import type { SqlSession } from "../sql-session";
import type { ListColumns, ListObject, SqlDialect } from "./dialect";
import { jsonText } from "./json-text";
import { POSTGRES_SEARCH_INDEX } from "./postgres-search-index";
import { SQLITE_SEARCH_INDEX } from "./sqlite-search-index";

export type DocumentChunks = {
  documentSerial: number;
  titleTokens: string;
  chunks: readonly { content: string; tokens: string }[];
  /** Which version of the document they are. Search finds the one that the document names. */
  version: number;
  /** Where in the document the first of these chunks stands. */
  firstPosition: number;
};

/** Tokens that follow each other; with `isPrefix` the last is only the beginning of one. */
export type TokenSequence = { words: readonly string[]; isPrefix: boolean };

/** Each group is met by any one of its sequences; a chunk must meet any one group, or all of them. */
export type ChunkMatch = { mode: "any" | "all"; groups: readonly (readonly TokenSequence[])[] };

export type SearchScope = {
  /** The document has all of these; empty is no condition. */
  tags: readonly string[];
  /** The document has at least one of these; null is no condition, empty lets nothing through. */
  allowedTags: readonly string[] | null;
  /** Null is no condition. */
  documentIds: readonly string[] | null;
};

export type ChunkCandidate = {
  chunkId: number;
  documentId: string;
  position: number;
  content: string;
  title: string;
  updatedAt: number;
};

/** The tokens of one chunk; of a title only those of the first chunk of a document. */
export type ChunkTokens = { id: number; title: string; body: string };

/** Texts are tokens that are already analyzed, separated by spaces. Title and body are told apart. */
export interface SearchIndex {
  /** Adds chunks to the index, in one statement. */
  indexChunks(sql: SqlSession, chunks: readonly ChunkTokens[]): Promise<void>;
  /**
   * Sorts in what inserts have put aside. Searches find it before that, too, but read all that is aside; nobody waits
   * for this, and it may take longer than a transaction. To be called outside of one.
   */
  mergeAdded(sql: SqlSession): Promise<void>;
  /** Takes chunks out of the index, in one statement; null where they leave it with their row. */
  readonly unindexChunks: ((sql: SqlSession, chunkIds: readonly number[]) => Promise<void>) | null;
  /** The best matching chunks in scope, best first. The scope is applied before the limit. */
  findCandidates(
    sql: SqlSession,
    args: { match: ChunkMatch; scope: SearchScope; limit: number },
  ): Promise<ChunkCandidate[]>;
  /** Every document in scope with a matching chunk, and its metadata as the JSON text that is stored. */
  findMatchedDocuments(
    sql: SqlSession,
    args: { match: ChunkMatch; scope: SearchScope },
  ): Promise<{ documentId: string; metadata: string }[]>;
  /**
   * How many chunks there are about (the highest id), and how many meet each group, in every scope: what makes a
   * word rare. One statement.
   */
  countChunks(sql: SqlSession, groups: ChunkMatch["groups"]): Promise<{ total: number; matching: number[] }>;
}

const CHUNKS = {
  id: "bigint",
  documentSerial: "bigint",
  version: "integer",
  position: "integer",
  content: "text",
} satisfies ListColumns;

/**
 * Adds chunks of documents to the table and the index, in two statements that stand together. They get these ids,
 * which `takeNumbers` gave, one each. The title is indexed with the first chunk. A NUL in a content becomes a space.
 */
export async function insertChunks(
  sql: SqlSession,
  documents: readonly DocumentChunks[],
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return;
  const rows: ListObject<typeof CHUNKS>[] = [];
  const tokens: ChunkTokens[] = [];
  for (const { documentSerial, version, titleTokens, chunks, firstPosition } of documents) {
    for (const [offset, chunk] of chunks.entries()) {
      const id = ids[rows.length];
      if (id === undefined) throw new Error("There are more chunks than numbers for them.");
      const position = firstPosition + offset;
      rows.push({ id, documentSerial, version, position, content: chunk.content.replaceAll("\0", " ") });
      tokens.push({ id, title: position === 0 ? titleTokens : "", body: chunk.tokens });
    }
  }
  await Promise.all([
    sql.run(
      `INSERT INTO chunk (id, document_serial, version, position, content)
       SELECT j.id, j.document_serial, j.version, j.position, j.content FROM ${sql.dialect.rows(CHUNKS)}`,
      sql.dialect.list(CHUNKS, rows),
    ),
    indexOf(sql).indexChunks(sql, tokens),
  ]);
}

/** Takes chunks out of the table and the index. */
export async function deleteChunks(sql: SqlSession, ids: readonly number[]): Promise<void> {
  await indexOf(sql).unindexChunks?.(sql, ids);
  await sql.run(`DELETE FROM chunk WHERE id IN (${sql.dialect.numbers()})`, jsonText(ids));
}

export const mergeAdded: SearchIndex["mergeAdded"] = (sql) => indexOf(sql).mergeAdded(sql);
export const findCandidates: SearchIndex["findCandidates"] = (sql, args) =>
  indexOf(sql).findCandidates(sql, args);
export const findMatchedDocuments: SearchIndex["findMatchedDocuments"] = (sql, args) =>
  indexOf(sql).findMatchedDocuments(sql, args);
export const countChunks: SearchIndex["countChunks"] = (sql, groups) => indexOf(sql).countChunks(sql, groups);

const INDEX_OF_DIALECT: Record<SqlDialect["name"], SearchIndex> = {
  sqlite: SQLITE_SEARCH_INDEX,
  postgres: POSTGRES_SEARCH_INDEX,
};

function indexOf(sql: SqlSession): SearchIndex {
  return INDEX_OF_DIALECT[sql.dialect.name];
}
