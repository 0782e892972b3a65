import { prepareOnce, type SqliteHandle } from "../sqlite-handle";
import { jsonText } from "./json-text";

/**
 * The full-text index over chunks. Both columns hold tokens that are already analyzed, separated by spaces, so its
 * tokenizer does nothing but split there: every sign a token may contain counts as a letter. The rowid is the
 * chunk's id; the text itself stands only in `chunk`. The migration contains this statement letter for letter.
 */
export const CHUNK_INDEX_SQL = `CREATE VIRTUAL TABLE "chunk_index" USING fts5(title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '_.-/:@#+|'")`;

/** A word of the title counts as much as four in the text. */
const RANK = "bm25(4.0, 1.0)";

export type DocumentChunks = {
  documentId: string;
  titleTokens: string;
  chunks: readonly { content: string; tokens: string }[];
  /** Where in the document the first of these chunks stands. */
  firstPosition: number;
  /** Staged chunks are not found until their document goes live. */
  phase: "live" | "staged";
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

/**
 * Adds chunks of documents to the table and the index, in three statements whatever their
 * number. Runs in the caller's transaction, which keeps the ids it chooses its own. The title is indexed with the
 * first chunk. A NUL in a content becomes a space, since SQLite's text would end there.
 */
export function insertChunks(handle: SqliteHandle, documents: readonly DocumentChunks[]): void {
  const last = prepareOnce(handle, `SELECT coalesce(max(id), 0) AS id FROM chunk`).get();
  let id = numberOf(last, "id");
  const rows: [number, string, number, string, string][] = [];
  const tokens: [number, string, string][] = [];
  for (const document of documents) {
    for (const [offset, chunk] of document.chunks.entries()) {
      id++;
      const position = document.firstPosition + offset;
      rows.push([id, document.documentId, position, chunk.content.replaceAll("\0", " "), document.phase]);
      tokens.push([id, position === 0 ? document.titleTokens : "", chunk.tokens]);
    }
  }
  if (rows.length === 0) return;
  prepareOnce(
    handle,
    `INSERT INTO chunk (id, document_id, position, content, phase)
     SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`,
  ).run(jsonText(rows));
  prepareOnce(
    handle,
    `INSERT INTO chunk_index (rowid, title, body) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)`,
  ).run(jsonText(tokens));
}

/** Takes all chunks of these documents out of the table and the index. Documents without chunks are no error. */
export function deleteChunks(handle: SqliteHandle, documentIds: readonly string[]): void {
  const ids = jsonText(documentIds);
  const ofDocuments = `SELECT id FROM chunk WHERE document_id IN (SELECT value FROM json_each(?))`;
  prepareOnce(handle, `DELETE FROM chunk_index WHERE rowid IN (${ofDocuments})`).run(ids);
  prepareOnce(handle, `DELETE FROM chunk WHERE document_id IN (SELECT value FROM json_each(?))`).run(ids);
}

/** The best matching chunks in scope by BM25, best first. The scope is applied before the limit. */
export function findCandidates(
  handle: SqliteHandle,
  args: { match: ChunkMatch; scope: SearchScope; limit: number },
): ChunkCandidate[] {
  const expression = matchExpression(args.match);
  if (expression === "" || args.limit <= 0) return [];
  const { conditions, parameters } = scopeConditions(args.scope);
  const rows = prepareOnce(
    handle,
    `SELECT c.id AS chunkId, c.document_id AS documentId, c.position, c.content, coalesce(d.title, '') AS title,
            d.updated_at AS updatedAt
     ${MATCHED_CHUNKS} AND i.rank MATCH '${RANK}' ${conditions} ORDER BY i.rank LIMIT ?`,
  ).all(expression, ...parameters, args.limit);
  return rows.map((row) => ({
    chunkId: numberOf(row, "chunkId"),
    documentId: textOf(row, "documentId"),
    position: numberOf(row, "position"),
    content: textOf(row, "content"),
    title: textOf(row, "title"),
    updatedAt: numberOf(row, "updatedAt"),
  }));
}

/** Every document in scope with a matching chunk, and its metadata as the JSON text that is stored. */
export function findMatchedDocuments(
  handle: SqliteHandle,
  args: { match: ChunkMatch; scope: SearchScope },
): { documentId: string; metadata: string }[] {
  const expression = matchExpression(args.match);
  if (expression === "") return [];
  const { conditions, parameters } = scopeConditions(args.scope);
  const rows = prepareOnce(
    handle,
    `SELECT DISTINCT d.id AS documentId, coalesce(d.metadata, '{}') AS metadata ${MATCHED_CHUNKS} ${conditions}`,
  ).all(expression, ...parameters);
  return rows.map((row) => ({ documentId: textOf(row, "documentId"), metadata: textOf(row, "metadata") }));
}

/**
 * How many chunks there are about (the highest id), and how many meet each group, in every scope: what makes a
 * word rare. One statement.
 */
export function countChunks(
  handle: SqliteHandle,
  groups: ChunkMatch["groups"],
): { total: number; matching: number[] } {
  const expressions = groups.map((group) => matchExpression({ mode: "any", groups: [group] }));
  const rows = prepareOnce(
    handle,
    `SELECT (SELECT coalesce(max(id), 0) FROM chunk) AS total,
            (SELECT count(*) FROM chunk_index WHERE chunk_index MATCH e.value) AS matching
     FROM json_each(?) AS e ORDER BY e.key`,
  ).all(jsonText(expressions));
  const first = rows[0];
  return {
    total: first === undefined ? 0 : numberOf(first, "total"),
    matching: rows.map((row) => numberOf(row, "matching")),
  };
}

/**
 * `CROSS JOIN` keeps the order: the index walks its own ranking and each row is looked up by key. What a person
 * disconnected with its documents is out of search at once, long before a worker has removed the rows.
 */
const MATCHED_CHUNKS = `
  FROM chunk_index AS i
  CROSS JOIN chunk AS c ON c.id = i.rowid
  CROSS JOIN document AS d ON d.id = c.document_id
  WHERE i.chunk_index MATCH ? AND c.phase = 'live' AND (d.connection_id IS NULL
    OR d.connection_id NOT IN (SELECT id FROM connection WHERE deleted_documents = 'remove'))`;

/** The sets are not correlated with the row, so SQLite makes each of them once for a statement. */
function scopeConditions(scope: SearchScope): { conditions: string; parameters: (string | number)[] } {
  const conditions: string[] = [];
  const parameters: (string | number)[] = [];
  if (scope.documentIds !== null) {
    conditions.push(`AND c.document_id IN (SELECT value FROM json_each(?))`);
    parameters.push(jsonText(scope.documentIds));
  }
  const tags = [...new Set(scope.tags)];
  if (tags.length > 0) {
    conditions.push(`AND c.document_id IN (SELECT document_id FROM document_tag
      WHERE tag IN (SELECT value FROM json_each(?)) GROUP BY document_id HAVING count(*) = ?)`);
    parameters.push(jsonText(tags), tags.length);
  }
  if (scope.allowedTags !== null) {
    conditions.push(`AND c.document_id IN (SELECT document_id FROM document_tag
      WHERE tag IN (SELECT value FROM json_each(?)))`);
    parameters.push(jsonText(scope.allowedTags));
  }
  return { conditions: conditions.join(" "), parameters };
}

/** FTS5's language with every token quoted, so that nothing in a token can be read as an operator. */
function matchExpression(match: ChunkMatch): string {
  const groups = match.groups.map((group) => {
    const sequences = group.filter((sequence) => sequence.words.length > 0);
    return sequences.map(sequenceExpression).join(" OR ");
  });
  const written = groups.filter((group) => group !== "").map((group) => `(${group})`);
  return written.join(match.mode === "all" ? " AND " : " OR ");
}

function sequenceExpression(sequence: TokenSequence): string {
  const phrase = `"${sequence.words.join(" ").replace(/["\0]/g, "")}"`;
  return sequence.isPrefix ? `${phrase} *` : phrase;
}

function fieldOf(row: unknown, name: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined;
}

function numberOf(row: unknown, name: string): number {
  const value = fieldOf(row, name);
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  throw new TypeError(`The search index gave no number for ${name}`);
}

function textOf(row: unknown, name: string): string {
  const value = fieldOf(row, name);
  if (typeof value === "string") return value;
  throw new TypeError(`The search index gave no text for ${name}`);
}
