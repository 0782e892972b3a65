import type { SqlSession } from "../sql-session";
import type { SqlDialect } from "./dialect";
import { POSTGRES_SEARCH_INDEX } from "./postgres-search-index";
import { SQLITE_SEARCH_INDEX } from "./sqlite-search-index";

export type DocumentChunks = {
  documentSerial: number;
  titleTokens: string;
  chunks: readonly { content: string; tokens: string }[];
  /** Which version of the document they are; that it names is found. */
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

/** Texts are tokens that are already analyzed, separated by spaces. Title and body are told apart. */
export interface SearchIndex {
  /**
   * Adds chunks of documents to the table and the index, in two statements that stand together. They get these ids,
   * which `takeNumbers` gave, one each. The title is indexed with the first chunk. A NUL in a content becomes a space.
   */
  insertChunks(sql: SqlSession, documents: readonly DocumentChunks[], ids: readonly number[]): Promise<void>;
  /**
   * Sorts in what inserts have put aside. Searches find it before that, too, but read all that is aside; nobody waits
   * for this, and it may take longer than a transaction. To be called outside of one.
   */
  mergeAdded(sql: SqlSession): Promise<void>;
  /** Takes chunks out of the table and the index. */
  deleteIndexed(sql: SqlSession, chunkIds: readonly number[]): Promise<void>;
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

export const insertChunks: SearchIndex["insertChunks"] = (sql, documents, ids) =>
  indexOf(sql).insertChunks(sql, documents, ids);
export const mergeAdded: SearchIndex["mergeAdded"] = (sql) => indexOf(sql).mergeAdded(sql);
export const deleteIndexed: SearchIndex["deleteIndexed"] = (sql, ids) => indexOf(sql).deleteIndexed(sql, ids);
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
