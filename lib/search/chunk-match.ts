import type { QueryTerm } from "@/lib/analyze/query-term";
import type { TokenSequence } from "@/lib/db/sql/search-index";

/** What finds a chunk with any part of the term: each way to write it, and the parts of a compound or a run. */
export function looseSequences(term: QueryTerm): TokenSequence[] {
  const parts = term.kind === "compound" || term.kind === "dense" ? term.words.filter(isTelling) : [];
  const whole = strictSequences(term);
  return term.words.length < 2 ? whole : [...whole, ...parts.map((word) => sequence([word]))];
}

/** What finds a chunk with the term as it was asked. */
export function strictSequences(term: QueryTerm): TokenSequence[] {
  const sequences: TokenSequence[] = [];
  if (term.words.length > 0) sequences.push({ words: term.words, isPrefix: term.isPrefix });
  if (term.written !== null) sequences.push(sequence([term.written]));
  return sequences;
}

function sequence(words: readonly string[]): TokenSequence {
  return { words, isPrefix: false };
}

/** A single letter of a compound (`e-mail`, `user's`) would find nearly every text. */
function isTelling(word: string): boolean {
  return word.length > 1;
}
