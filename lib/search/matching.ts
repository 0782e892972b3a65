import type { QueryTerm } from "@/lib/analyze/query-term";

/** How well a text meets a term. */
export type TermMatch = {
  /** The term is there; parts of it are not enough. */
  isFull: boolean;
  /** 0 nothing, 1 as asked; between them parts of a compound or of a run. */
  strength: number;
  /** How many times it is there as asked. */
  count: number;
};

export const NO_MATCH: TermMatch = { isFull: false, strength: 0, count: 0 };

/** A run whose characters are all covered by pairs, though not in one piece. */
const COVERED_STRENGTH = 0.85;
/** Times the square of the share that is there: one pair of four is mostly chance (パスワード and カード share ード). */
const PARTS_STRENGTH_MAX = 0.5;

/** `tokens` is what `tokenize` gave, with a blank before and behind, so that whole tokens can be looked for. */
export function matchTerm(tokens: string, term: QueryTerm): TermMatch {
  const inOrder = term.words.length > 0 ? countOf(tokens, sequenceOf(term)) : 0;
  const asWritten = term.written === null ? 0 : countOf(tokens, ` ${term.written} `);
  const count = Math.max(inOrder, asWritten);
  if (count > 0) return { isFull: true, strength: 1, count };
  if (term.words.length < 2 || term.kind === "phrase") return NO_MATCH;
  return partialMatch(tokens, term);
}

function sequenceOf(term: QueryTerm): string {
  return term.isPrefix ? ` ${term.words.join(" ")}` : ` ${term.words.join(" ")} `;
}

function partialMatch(tokens: string, term: QueryTerm): TermMatch {
  const isThere = term.words.map((word) => tokens.includes(` ${word} `));
  const share = isThere.filter(Boolean).length / isThere.length;
  if (share === 0) return NO_MATCH;
  if (term.kind === "dense" && coversAllCharacters(isThere)) {
    return { isFull: true, strength: COVERED_STRENGTH, count: 1 };
  }
  return { isFull: false, strength: share * share * PARTS_STRENGTH_MAX, count: 0 };
}

/** Pair n covers the characters n and n + 1; 重置密码 is met by 重置 and 密码 without 置密. */
function coversAllCharacters(isThere: readonly boolean[]): boolean {
  if (isThere.at(0) !== true || isThere.at(-1) !== true) return false;
  return isThere.every((there, at) => there || isThere[at - 1] === true);
}

function countOf(tokens: string, wanted: string): number {
  let count = 0;
  let at = tokens.indexOf(wanted);
  while (at >= 0) {
    count++;
    // The blank behind one is the blank before the next.
    at = tokens.indexOf(wanted, at + wanted.length - 1);
  }
  return count;
}
