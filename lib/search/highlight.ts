import { type PlacedToken, placeTokens } from "@/lib/analyze/placed-tokens";
import { parseQuery } from "@/lib/analyze/query";
import type { QueryTerm } from "@/lib/analyze/query-term";

/** Characters of a text (UTF-16 units); `end` is exclusive. */
export type TextRange = { start: number; end: number };

/**
 * Where a text holds what was asked, found by the analysis that searches: other forms of a word, accents, runs of
 * Han and kana. In order, not overlapping. The words of a phrase are marked only where they follow each other; a
 * compound or run that is nowhere whole is marked by its parts, when half of them are there.
 */
export function highlight(content: string, query: string): TextRange[] {
  const { terms } = parseQuery(query);
  if (terms.length === 0) return [];
  const { inOrder, added } = placeTokens(content);
  const ranges = terms.flatMap((term) => rangesOf(term, inOrder, added));
  return joined(ranges.sort((left, right) => left.start - right.start || left.end - right.end));
}

function rangesOf(
  term: QueryTerm,
  inOrder: readonly PlacedToken[],
  added: readonly PlacedToken[],
): TextRange[] {
  const whole = sequencesOf(term, inOrder);
  const single = term.words.length === 1 && !term.isPrefix ? term.words[0] : null;
  for (const placed of [...inOrder, ...added]) {
    if (placed.token === term.written || (single !== null && placed.token === single)) whole.push(placed);
  }
  if (whole.length > 0 || term.kind === "phrase" || term.words.length < 2) return whole;
  const parts = inOrder.filter((placed) => placed.token.length > 1 && term.words.includes(placed.token));
  const partCount = new Set(parts.map((placed) => placed.token)).size;
  return partCount * 2 >= term.words.length ? parts : [];
}

function sequencesOf(term: QueryTerm, inOrder: readonly PlacedToken[]): TextRange[] {
  const ranges: TextRange[] = [];
  const lastWord = term.words.length - 1;
  if (lastWord < 0) return ranges;
  for (const [at, first] of inOrder.entries()) {
    const isHere = term.words.every((word, index) => {
      const token = inOrder[at + index]?.token ?? "";
      return term.isPrefix && index === lastWord ? token.startsWith(word) : token === word;
    });
    const last = inOrder[at + lastWord];
    if (isHere && last)
      ranges.push({ start: first.start, end: endOfLast(term, last, inOrder[at + lastWord + 1]) });
  }
  return ranges;
}

/** A prefix is the first character of a pair, and ends where the next token of its run begins. */
function endOfLast(term: QueryTerm, last: PlacedToken, next: PlacedToken | undefined): number {
  return term.isPrefix && next && next.start < last.end ? next.start : last.end;
}

function joined(sorted: readonly TextRange[]): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { start, end } of sorted) {
    const before = ranges.at(-1);
    if (before && start <= before.end) before.end = Math.max(before.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}
