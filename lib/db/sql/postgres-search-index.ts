import { SEARCH_COUNTED_CHUNKS_MAX, SEARCH_RANKED_CHUNKS_MAX } from "@/lib/core/limits";
import type { SqlSession } from "../sql-session";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";
import type { ChunkCandidate, ChunkMatch, ChunkTokens, SearchIndex, SearchScope } from "./search-index";
import { FINDABLE, scopeConditions } from "./search-scope";
import { tsqueriesOf, tsqueryOf, tsvectorOf } from "./tsvector-text";

/**
 * Chunks by a tsvector of our own tokens, in a table beside `chunk`. PostgreSQL reads the tokens of every chunk that
 * it ranks, so of a common word it ranks only some: a word that tells little is not worth the seconds.
 */
export const POSTGRES_SEARCH_INDEX: SearchIndex = {
  indexChunks,
  mergeAdded,
  unindexChunks: null,
  findCandidates,
  findMatchedDocuments,
  countChunks,
};

const TOKENS = { id: "bigint", tokens: "text" } satisfies ListColumns;

async function indexChunks(sql: SqlSession, chunks: readonly ChunkTokens[]): Promise<void> {
  const rows = chunks.map(({ id, title, body }) => ({ id, tokens: tsvectorOf(title, body) }));
  await sql.run(
    `INSERT INTO chunk_index (chunk_id, tokens)
     SELECT j.id, CAST(j.tokens AS tsvector) FROM ${sql.dialect.rows(TOKENS)}`,
    sql.dialect.list(TOKENS, rows),
  );
}

async function mergeAdded(sql: SqlSession): Promise<void> {
  await sql.get(`SELECT gin_clean_pending_list('chunk_index_tokens')`);
}

const MATCHED_CHUNKS = `
  FROM chunk_index i JOIN chunk c ON c.id = i.chunk_id JOIN document d ON d.serial = c.document_serial
  WHERE ${FINDABLE}`;

/** A word of the title counts as much as four in the text; long chunks count a little less. */
const RANK = (query: string) => `ts_rank('{0.25, 0.25, 0.25, 1}', i.tokens, ${query}, 1)`;

/**
 * Where any group will do, each is looked up by itself and weighs the more, the fewer chunks meet it; so a rare word
 * is never lost behind a common one.
 */
async function findCandidates(
  sql: SqlSession,
  args: { match: ChunkMatch; scope: SearchScope; limit: number },
): Promise<ChunkCandidate[]> {
  const queries = args.match.mode === "any" ? tsqueriesOf(args.match.groups) : [tsqueryOf(args.match)];
  const asked = queries.filter((query) => query !== "");
  if (asked.length === 0 || args.limit <= 0) return [];
  const { conditions, bindings } = scopeConditions(sql.dialect, args.scope);
  return sql.all(
    `WITH asked AS MATERIALIZED (
       SELECT CAST(a.value AS tsquery) AS query FROM json_array_elements_text(CAST(?1 AS json)) AS a),
     met AS MATERIALIZED (
       SELECT asked.query, found.id FROM asked CROSS JOIN LATERAL (
         SELECT c.id ${MATCHED_CHUNKS} AND i.tokens @@ asked.query ${conditions}
         LIMIT ${SEARCH_RANKED_CHUNKS_MAX}) AS found),
     weighed AS MATERIALIZED (
       SELECT query, ln(1 + (SELECT max(id) FROM chunk) / CAST(count(*) AS float8)) AS weight
       FROM met GROUP BY query),
     best AS MATERIALIZED (
       SELECT i.chunk_id, (SELECT sum(w.weight * ${RANK("w.query")}) FROM weighed w) AS rank
       FROM chunk_index i WHERE i.chunk_id IN (SELECT id FROM met)
       ORDER BY rank DESC, i.chunk_id LIMIT ?)
     SELECT c.id AS "chunkId", d.id AS "documentId", c.position, c.content,
       coalesce(d.title, '') AS title, d.updated_at AS "updatedAt"
     FROM best JOIN chunk c ON c.id = best.chunk_id JOIN document d ON d.serial = c.document_serial
     ORDER BY best.rank DESC, c.id`,
    jsonText(asked),
    ...bindings,
    args.limit,
  );
}

async function findMatchedDocuments(
  sql: SqlSession,
  args: { match: ChunkMatch; scope: SearchScope },
): Promise<{ documentId: string; metadata: string }[]> {
  const query = tsqueryOf(args.match);
  if (query === "") return [];
  const { conditions, bindings } = scopeConditions(sql.dialect, args.scope);
  return sql.all(
    `SELECT DISTINCT d.id AS "documentId", d.metadata ${MATCHED_CHUNKS}
       AND i.tokens @@ CAST(?1 AS tsquery) ${conditions}`,
    query,
    ...bindings,
  );
}

/** A word that more chunks have than are counted tells so little that it makes no difference how many they are. */
async function countChunks(
  sql: SqlSession,
  groups: ChunkMatch["groups"],
): Promise<{ total: number; matching: number[] }> {
  const rows = await sql.all<{ total: number; matching: number }>(
    `SELECT (SELECT coalesce(max(id), 0) FROM chunk) AS total,
       CASE WHEN a.value = '' THEN 0 ELSE (SELECT count(*) FROM (
         SELECT 1 FROM chunk_index i WHERE i.tokens @@ CAST(a.value AS tsquery)
         LIMIT ${SEARCH_COUNTED_CHUNKS_MAX}) AS counted) END AS matching
     FROM json_array_elements_text(CAST(? AS json)) WITH ORDINALITY AS a (value, place) ORDER BY a.place`,
    jsonText(tsqueriesOf(groups)),
  );
  return { total: rows[0]?.total ?? 0, matching: rows.map((row) => row.matching) };
}
