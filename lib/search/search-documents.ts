import { parseQuery } from "@/lib/analyze/query";
import { tokenize } from "@/lib/analyze/tokens";
import { SEARCH_CANDIDATE_CHUNKS_MAX } from "@/lib/core/limits";
import {
  type ChunkMatch,
  countChunks,
  findCandidates,
  findMatchedDocuments,
  type SearchScope,
} from "@/lib/db/sql/search-index";
import type { SqlSession } from "@/lib/db/sql-session";
import { type MetadataFilter, matchesFilter, parseMetadata } from "@/lib/rules/metadata-filter";
import { looseSequences, strictSequences } from "./chunk-match";
import { type ChunkText, type RankedChunk, type RankedDocument, rankDocuments, weightOf } from "./ranking";

export type SearchInput = {
  q: string;
  /** Documents that have all of these; empty is no filter. */
  tags: readonly string[];
  /** What the actor is confined to: documents that have at least one of these; null sees everything. */
  allowedTags: readonly string[] | null;
  limit: number;
  /** Only this document. */
  documentId?: string | null;
  filter?: MetadataFilter | null;
  /** Chunks that score lower are left out, from 0 to 1. */
  chunkThreshold?: number;
  /** Documents that score lower are left out, from 0 to 1. */
  documentThreshold?: number;
  /** Chunks shown of one document; CHUNKS_PER_RESULT_MAX unless told. */
  chunksMax?: number;
};

export type FoundChunk = Pick<RankedChunk, "chunkId" | "position" | "content" | "score" | "isRelevant">;
export type FoundDocument = { documentId: string; score: number; chunks: FoundChunk[] };

/** Matching chunks shown of one document, best first. */
export const CHUNKS_PER_RESULT_MAX = 5;

/**
 * The documents that answer a question best, each with its best chunks. Documents without a chunk above the
 * threshold are left out. Only reads; scope and filter are applied before every limit. Never fails on what `q`
 * contains: a question without words finds nothing.
 */
export async function searchDocuments(args: {
  sql: SqlSession;
  input: SearchInput;
}): Promise<FoundDocument[]> {
  const { chunkThreshold = 0, documentThreshold = 0, limit } = args.input;
  const found: FoundDocument[] = [];
  for (const document of await rankedDocuments(args.sql, args.input)) {
    if (found.length >= limit || document.score < documentThreshold) break;
    const chunks = document.chunks.filter((chunk) => chunk.score >= chunkThreshold);
    if (chunks.length === 0) continue;
    const shown = chunks.slice(0, args.input.chunksMax ?? CHUNKS_PER_RESULT_MAX).map(foundChunk);
    found.push({ documentId: document.documentId, score: document.score, chunks: shown });
  }
  return found;
}

function foundChunk(chunk: RankedChunk): FoundChunk {
  const { chunkId, position, content, score, isRelevant } = chunk;
  return { chunkId, position, content, score, isRelevant };
}

/**
 * Chunks with any term are asked for first. Where these are more than are looked at, chunks with all terms join them,
 * and, while documents with all terms are fewer than wanted, what the best of the others have in other chunks.
 */
async function rankedDocuments(sql: SqlSession, input: SearchInput): Promise<RankedDocument[]> {
  const { terms } = parseQuery(input.q);
  if (terms.length === 0) return [];
  const loose = terms.map(looseSequences);
  const strict = terms.map(strictSequences);
  const scope = await scopeOf(sql, input, loose);
  const { total, matching } = await countChunks(sql, strict);
  const weighted = terms.map((term, index) => ({ term, weight: weightOf(total, matching[index] ?? 0) }));
  const texts = new Map<number, ChunkText>();
  const find = async (match: ChunkMatch, within: SearchScope): Promise<number> => {
    const found = await findCandidates(sql, { match, scope: within, limit: SEARCH_CANDIDATE_CHUNKS_MAX });
    for (const chunk of found) {
      if (!texts.has(chunk.chunkId)) texts.set(chunk.chunkId, { ...chunk, tokens: tokenize(chunk.content) });
    }
    return found.length;
  };

  const anyCount = await find({ mode: "any", groups: loose }, scope);
  if (anyCount < SEARCH_CANDIDATE_CHUNKS_MAX || terms.length === 1) {
    return rankDocuments(weighted, [...texts.values()]);
  }
  await find({ mode: "all", groups: strict }, scope);
  const ranked = rankDocuments(weighted, [...texts.values()]);
  const incomplete = ranked.filter((document) => !document.hasAllTerms);
  if (ranked.length - incomplete.length >= input.limit || incomplete.length === 0) return ranked;

  const documentIds = incomplete.slice(0, DOCUMENTS_COMPLETED_MAX).map((document) => document.documentId);
  await find({ mode: "any", groups: strict }, { ...scope, documentIds });
  return rankDocuments(weighted, [...texts.values()]);
}

/** Documents that lack a term in the chunks found so far and may have it in another. */
const DOCUMENTS_COMPLETED_MAX = 50;

/** A metadata filter is decided here, for every document that matches, so that it means the same on every database. */
async function scopeOf(
  sql: SqlSession,
  input: SearchInput,
  groups: ReturnType<typeof looseSequences>[],
): Promise<SearchScope> {
  const documentIds = input.documentId ? [input.documentId] : null;
  const scope: SearchScope = { tags: input.tags, allowedTags: input.allowedTags, documentIds };
  const { filter } = input;
  if (!filter) return scope;
  const matched = await findMatchedDocuments(sql, { match: { mode: "any", groups }, scope });
  const passing = matched.filter(({ metadata }) => matchesFilter(parseMetadata(metadata), filter));
  return { ...scope, documentIds: passing.map(({ documentId }) => documentId) };
}
