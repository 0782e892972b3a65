import type { QueryTerm } from "@/lib/analyze/query-term";
import { ADDED_BEHIND, tokenize } from "@/lib/analyze/tokens";
import { matchTerm, NO_MATCH, type TermMatch } from "./matching";
import { nearnessOf } from "./nearness";

/** A term and how much it tells: rare words weigh more. */
export type WeightedTerm = { term: QueryTerm; weight: number };

export type ChunkText = {
  chunkId: number;
  documentId: string;
  position: number;
  content: string;
  title: string;
  updatedAt: number;
  /** What `tokenize` gives for the content. */
  tokens: string;
};

export type RankedChunk = ChunkText & {
  score: number;
  /** The text itself holds something that was asked for, and not only its document's title. */
  isRelevant: boolean;
};

export type RankedDocument = {
  documentId: string;
  updatedAt: number;
  score: number;
  hasAllTerms: boolean;
  /** Best first, ties in the order of the text. */
  chunks: RankedChunk[];
};

/**
 * Scores and sorts the documents of these chunks, best first; ties go to what was changed last, then by id.
 *
 * | what holds all terms            | score          |
 * |---------------------------------|----------------|
 * | the document, title included    | 0.5 to 1       |
 * | not the document                | above 0, below 0.5 |
 *
 * The same for a chunk, with the title of its document. Inside its half a score is made of: how much of what is
 * asked is there by weight, how often for the length, how close together, and how much of it the title says.
 * Scores are comparable within one answer and the same every time for the same texts.
 */
export function rankDocuments(terms: readonly WeightedTerm[], texts: readonly ChunkText[]): RankedDocument[] {
  if (terms.length === 0) return [];
  const byDocument = new Map<string, ChunkText[]>();
  for (const text of texts) {
    const chunks = byDocument.get(text.documentId);
    if (chunks) chunks.push(text);
    else byDocument.set(text.documentId, [text]);
  }
  const ranked: RankedDocument[] = [];
  for (const chunks of byDocument.values()) {
    const document = rankDocument(terms, chunks);
    if (document !== null) ranked.push(document);
  }
  return ranked.sort(compareRanked);
}

/** Higher score first, then the later change, then the lower id. */
export function compareRanked(
  left: { score: number; updatedAt: number; documentId: string },
  right: { score: number; updatedAt: number; documentId: string },
): number {
  if (left.score !== right.score) return right.score - left.score;
  if (left.updatedAt !== right.updatedAt) return right.updatedAt - left.updatedAt;
  if (left.documentId === right.documentId) return 0;
  return left.documentId < right.documentId ? -1 : 1;
}

/** How much a term tells that stands in `matching` of `total` chunks; never zero, so that every term counts. */
export function weightOf(total: number, matching: number): number {
  const without = Math.max(0, total - matching);
  return Math.max(0.1, Math.log(1 + (without + 0.5) / (matching + 0.5)));
}

function rankDocument(terms: readonly WeightedTerm[], texts: readonly ChunkText[]): RankedDocument | null {
  const first = texts[0];
  if (first === undefined) return null;
  const titleTokens = padded(tokenize(first.title));
  const inTitle = terms.map(({ term }) => matchTerm(titleTokens, term));
  const titleNearness = nearnessIn(terms, wordsInOrder(titleTokens.trim()), inTitle);
  const anywhere = [...inTitle];
  const chunks: (RankedChunk & { quality: number })[] = [];
  for (const text of texts) {
    const tokens = padded(text.tokens);
    const inText = terms.map(({ term }) => matchTerm(tokens, term));
    for (const [index, match] of inText.entries()) {
      if (match.strength > (anywhere[index]?.strength ?? 0)) anywhere[index] = match;
    }
    const quality = qualityOf(terms, text.tokens, inText, inTitle, titleNearness);
    const isFull = inText.every((match, index) => match.isFull || inTitle[index]?.isFull === true);
    const isRelevant = inText.some((match) => match.strength > 0);
    if (quality > 0) chunks.push({ ...text, quality, isRelevant, score: scoreOf(isFull, quality) });
  }
  const best = chunks.reduce((most, chunk) => Math.max(most, chunk.quality), 0);
  if (best === 0) return null;
  const hasAllTerms = anywhere.every((match) => match.isFull);
  const score = scoreOf(hasAllTerms, 0.8 * best + 0.2 * coverOf(terms, anywhere));
  const inOrder = chunks.sort((left, right) => right.score - left.score || left.position - right.position);
  return {
    documentId: first.documentId,
    updatedAt: first.updatedAt,
    score,
    hasAllTerms,
    chunks: inOrder.map(({ quality: _quality, ...chunk }) => chunk),
  };
}

/** The upper half belongs to what has all terms; rounded, so that equal texts have equal scores everywhere. */
function scoreOf(isFull: boolean, quality: number): number {
  const score = isFull ? 0.5 + 0.5 * quality : 0.499 * quality;
  return Math.min(1, Math.max(0.000001, Math.round(score * 1_000_000) / 1_000_000));
}

/** A term in the title counts for a chunk nearly as much as in its text. */
const TITLE_FOR_CHUNK = 0.8;
/** Tokens of a chunk of usual length. */
const TOKENS_USUAL = 180;

/** From 0, when nothing is there, to 1. */
function qualityOf(
  terms: readonly WeightedTerm[],
  tokens: string,
  inText: readonly TermMatch[],
  inTitle: readonly TermMatch[],
  titleNearness: number,
): number {
  const best = inText.map((match, index) => strongerForChunk(match, inTitle[index] ?? NO_MATCH));
  const cover = coverOf(terms, best);
  if (cover === 0) return 0;
  const inOrder = wordsInOrder(tokens);
  const slowness = 1.2 * (0.25 + (0.75 * inOrder.length) / TOKENS_USUAL);
  const often = inText.map((match) => ({
    ...match,
    strength: (match.strength * Math.max(1, match.count)) / (Math.max(1, match.count) + slowness),
  }));
  const near = terms.length === 1 ? cover : Math.max(nearnessIn(terms, inOrder, inText), titleNearness);
  return 0.45 * cover + 0.2 * coverOf(terms, often) + 0.2 * near + 0.15 * coverOf(terms, inTitle);
}

function nearnessIn(
  terms: readonly WeightedTerm[],
  tokens: readonly string[],
  matches: readonly TermMatch[],
): number {
  if (matches.filter((match) => match.strength > 0).length < 2) return 0;
  return nearnessOf(
    tokens,
    terms.map((entry) => entry.term),
  );
}

function strongerForChunk(inText: TermMatch, inTitle: TermMatch): TermMatch {
  const strength = inTitle.strength * TITLE_FOR_CHUNK;
  return strength > inText.strength ? { ...inTitle, strength } : inText;
}

/** The share of what is asked, by weight. */
function coverOf(terms: readonly WeightedTerm[], matches: readonly TermMatch[]): number {
  let there = 0;
  let asked = 0;
  for (const [index, { weight }] of terms.entries()) {
    there += weight * (matches[index]?.strength ?? 0);
    asked += weight;
  }
  return asked === 0 ? 0 : there / asked;
}

function padded(tokens: string): string {
  return ` ${tokens} `;
}

function wordsInOrder(tokens: string): string[] {
  const end = tokens.indexOf(` ${ADDED_BEHIND} `);
  return (end < 0 ? tokens : tokens.slice(0, end)).split(" ");
}
