import type { SqlSession } from "../sql-session";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";
import type {
  ChunkCandidate,
  ChunkMatch,
  ChunkTokens,
  SearchIndex,
  SearchScope,
  TokenSequence,
} from "./search-index";
import { FINDABLE, scopeConditions } from "./search-scope";

/**
 * The full-text index over chunks. Both columns hold tokens that are already analyzed, separated by spaces, so its
 * tokenizer does nothing but split there: every sign a token may contain counts as a letter. The rowid is the
 * chunk's id; the text itself stands only in `chunk`. The migration contains this statement letter for letter.
 */
export const CHUNK_INDEX_SQL = `CREATE VIRTUAL TABLE "chunk_index" USING fts5(title, body, content='', contentless_delete=1, tokenize="ascii tokenchars '_.-/:@#+|'")`;

/** A word of the title counts as much as four in the text. */
const RANK = "bm25(4.0, 1.0)";

/** Chunks by BM25. */
export const SQLITE_SEARCH_INDEX: SearchIndex = {
  indexChunks,
  // Inserts do it by themselves, a little at a time.
  mergeAdded: async () => {},
  unindexChunks,
  findCandidates,
  findMatchedDocuments,
  countChunks,
};

const TOKENS = { id: "bigint", title: "text", body: "text" } satisfies ListColumns;

async function indexChunks(sql: SqlSession, chunks: readonly ChunkTokens[]): Promise<void> {
  await sql.run(
    `INSERT INTO chunk_index (rowid, title, body) SELECT j.id, j.title, j.body FROM ${sql.dialect.rows(TOKENS)}`,
    sql.dialect.list(TOKENS, chunks),
  );
}

async function unindexChunks(sql: SqlSession, chunkIds: readonly number[]): Promise<void> {
  await sql.run(
    `DELETE FROM chunk_index WHERE rowid IN (SELECT value FROM json_each(?))`,
    jsonText(chunkIds),
  );
}

async function findCandidates(
  sql: SqlSession,
  args: { match: ChunkMatch; scope: SearchScope; limit: number },
): Promise<ChunkCandidate[]> {
  const expression = matchExpression(args.match);
  if (expression === "" || args.limit <= 0) return [];
  const { conditions, bindings } = scopeConditions(sql.dialect, args.scope);
  return sql.all(
    `SELECT c.id AS "chunkId", d.id AS "documentId", c.position, c.content,
            coalesce(d.title, '') AS title, d.updated_at AS "updatedAt"
     ${MATCHED_CHUNKS} AND i.rank MATCH '${RANK}' ${conditions} ORDER BY i.rank LIMIT ?`,
    expression,
    ...bindings,
    args.limit,
  );
}

async function findMatchedDocuments(
  sql: SqlSession,
  args: { match: ChunkMatch; scope: SearchScope },
): Promise<{ documentId: string; metadata: string }[]> {
  const expression = matchExpression(args.match);
  if (expression === "") return [];
  const { conditions, bindings } = scopeConditions(sql.dialect, args.scope);
  return sql.all(
    `SELECT DISTINCT d.id AS "documentId", coalesce(d.metadata, '{}') AS metadata ${MATCHED_CHUNKS} ${conditions}`,
    expression,
    ...bindings,
  );
}

async function countChunks(
  sql: SqlSession,
  groups: ChunkMatch["groups"],
): Promise<{ total: number; matching: number[] }> {
  const expressions = groups.map((group) => matchExpression({ mode: "any", groups: [group] }));
  const rows = await sql.all<{ total: number; matching: number }>(
    `SELECT (SELECT coalesce(max(id), 0) FROM chunk) AS total,
            (SELECT count(*) FROM chunk_index WHERE chunk_index MATCH e.value) AS matching
     FROM json_each(?) AS e ORDER BY e.key`,
    jsonText(expressions),
  );
  return { total: rows[0]?.total ?? 0, matching: rows.map((row) => row.matching) };
}

/** `CROSS JOIN` keeps the order: the index walks its own ranking and each row is looked up by key. */
const MATCHED_CHUNKS = `
  FROM chunk_index AS i
  CROSS JOIN chunk AS c ON c.id = i.rowid
  CROSS JOIN document AS d ON d.serial = c.document_serial
  WHERE i.chunk_index MATCH ? AND ${FINDABLE}`;

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
