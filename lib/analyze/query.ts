import { QUERY_CHARS_MAX, QUERY_TERMS_MAX } from "@/lib/core/limits";
import { denseTermsOf } from "./dense-query";
import { foldCompound, foldWord } from "./fold";
import { normalizeText } from "./normalize";
import type { FoundTerm, QueryTerm } from "./query-term";
import { scanText } from "./scan";
import { STOP_WORDS } from "./stop-words";
import { gramsOf } from "./tokens";

export type ParsedQuery = { terms: readonly QueryTerm[] };

/**
 * Reads what a person or program asks, with the analysis that stores texts. Never fails: signs that are not part of
 * a word are blanks, a leading `-` too (people paste `--force` more often than they exclude), and a quote that is
 * not closed. Words in "…", “…”, „…“, «…», 「…」 or 『…』 are a phrase. Stop words are left out unless nothing else is
 * there or they stand in quotes. Characters behind QUERY_CHARS_MAX and tokens behind QUERY_TERMS_MAX do not count.
 */
export function parseQuery(query: string): ParsedQuery {
  const normalized = normalizeText(query.slice(0, QUERY_CHARS_MAX));
  const found = segmentsOf(normalized).flatMap((segment) =>
    segment.isQuoted ? phraseOf(segment.text) : termsOf(segment.text),
  );
  const telling = found.filter((entry) => !entry.isStop);
  const terms = (telling.length > 0 ? telling : found).map((entry) => entry.term);
  return { terms: withinLimit(withoutRepeats(terms)) };
}

const QUOTED = /["“”„]([^"“”„]*)["“”]|«([^»]*)»|「([^」]*)」|『([^』]*)』/g;

function segmentsOf(text: string): { text: string; isQuoted: boolean }[] {
  const segments: { text: string; isQuoted: boolean }[] = [];
  let from = 0;
  for (const match of text.matchAll(QUOTED)) {
    segments.push({ text: text.slice(from, match.index), isQuoted: false });
    segments.push({ text: match[1] ?? match[2] ?? match[3] ?? match[4] ?? "", isQuoted: true });
    from = match.index + match[0].length;
  }
  segments.push({ text: text.slice(from), isQuoted: false });
  return segments;
}

function termsOf(text: string): FoundTerm[] {
  const found: (FoundTerm & { start: number })[] = [];
  const hasKana = KANA.test(text);
  scanText(text, {
    word(start, end) {
      const word = text.slice(start, end);
      const { token } = foldWord(word);
      const term: QueryTerm = { kind: "word", words: [token], written: null, isPrefix: false };
      if (token !== "") found.push({ start, term, isStop: STOP_WORDS.has(word.toLowerCase()) });
    },
    compound(start, end) {
      const parts = found.splice(firstFrom(found, start));
      const words = parts.flatMap((part) => part.term.words);
      const term = compoundTerm(text.slice(start, end), words);
      found.push({ start, term, isStop: term.written !== null && STOP_WORDS.has(term.written) });
    },
    run(start, end) {
      for (const entry of denseTermsOf(text.slice(start, end), hasKana)) found.push({ start, ...entry });
    },
  });
  return found;
}
const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;

function firstFrom(found: readonly { start: number }[], start: number): number {
  const index = found.findIndex((entry) => entry.start >= start);
  return index < 0 ? found.length : index;
}

function compoundTerm(compound: string, words: readonly string[]): QueryTerm {
  const written = foldCompound(compound);
  const isOnlyAsWritten = written !== null && words.length === 1 && /[+#]$/.test(compound);
  return { kind: "compound", words: isOnlyAsWritten ? [] : words, written, isPrefix: false };
}

/** The words between quotes as one term. A phrase of one compound is that compound. */
function phraseOf(text: string): FoundTerm[] {
  const words: { token: string; start: number }[] = [];
  let only: QueryTerm | null = null;
  let lastRunLength = 0;
  scanText(text, {
    word(start, end) {
      const { token } = foldWord(text.slice(start, end));
      if (token !== "") words.push({ token, start });
      lastRunLength = 0;
    },
    compound(start, end) {
      const isFirst = words.every((word) => word.start >= start);
      const tokens = words.map((word) => word.token);
      only = isFirst ? compoundTerm(text.slice(start, end), tokens) : null;
    },
    run(start, end) {
      const grams = gramsOf(text.slice(start, end));
      for (const token of grams) words.push({ token, start });
      lastRunLength = grams.length;
    },
  });
  const term = wholeCompound(only, words.length) ?? phraseTerm(words, lastRunLength);
  return term === null ? [] : [{ term, isStop: false }];
}

/** The compound, when no word of the phrase stands outside of it. */
function wholeCompound(compound: QueryTerm | null, wordCount: number): QueryTerm | null {
  return compound !== null && wordCount === Math.max(1, compound.words.length) ? compound : null;
}

/** The text's run may go on where the phrase ends, so a last run's last character alone is not asked for. */
function phraseTerm(words: readonly { token: string }[], lastRunLength: number): QueryTerm | null {
  const asked = lastRunLength > 1 ? words.slice(0, -1) : words;
  if (asked.length === 0) return null;
  const isPrefix = lastRunLength === 1;
  return { kind: "phrase", words: asked.map((word) => word.token), written: null, isPrefix };
}

function withoutRepeats(terms: readonly QueryTerm[]): QueryTerm[] {
  const kept = new Map<string, QueryTerm>();
  for (const term of terms) {
    const key = JSON.stringify([term.words, term.written, term.isPrefix]);
    if (!kept.has(key)) kept.set(key, term);
  }
  return [...kept.values()];
}

/** Counts tokens and not terms, since each token is looked up in the index. */
function withinLimit(terms: readonly QueryTerm[]): QueryTerm[] {
  const kept: QueryTerm[] = [];
  let left = QUERY_TERMS_MAX;
  for (const term of terms) {
    if (left <= 0) break;
    const words = term.words.slice(0, left);
    kept.push(words.length < term.words.length ? { ...term, words, isPrefix: false } : term);
    left -= Math.max(1, words.length);
  }
  return kept;
}
