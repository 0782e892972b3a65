import type { QueryTerm } from "@/lib/analyze/query-term";

/**
 * How close together the terms stand in a text, from 0 to 1: the share of the terms that are there, times the square
 * root of how full the shortest stretch with all of these is. Terms side by side give 1; fewer than two give 0.
 */
export function nearnessOf(tokens: readonly string[], terms: readonly QueryTerm[]): number {
  const termOfToken = new Map<string, number>();
  for (const [index, term] of terms.entries()) {
    for (const token of [term.words[0], term.written]) {
      if (token && !termOfToken.has(token)) termOfToken.set(token, index);
    }
  }
  const seen: { at: number; term: number }[] = [];
  for (const [at, token] of tokens.entries()) {
    const term = termOfToken.get(token);
    if (term !== undefined) seen.push({ at, term });
  }
  const termCount = new Set(seen.map((entry) => entry.term)).size;
  if (termCount < 2) return 0;
  return (termCount / terms.length) * Math.sqrt(termCount / shortestStretch(seen, termCount));
}

/** Two pointers: the end moves on until all terms are inside, the start follows while they stay. */
function shortestStretch(seen: readonly { at: number; term: number }[], termCount: number): number {
  const inside = new Map<number, number>();
  let shortest = Number.POSITIVE_INFINITY;
  let start = 0;
  for (const last of seen) {
    inside.set(last.term, (inside.get(last.term) ?? 0) + 1);
    while (inside.size === termCount) {
      const first = seen[start];
      if (first === undefined) break;
      shortest = Math.min(shortest, last.at - first.at + 1);
      const left = (inside.get(first.term) ?? 0) - 1;
      if (left > 0) inside.set(first.term, left);
      else inside.delete(first.term);
      start++;
    }
  }
  return Math.max(shortest, termCount);
}
