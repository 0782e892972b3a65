import { widthAt } from "./characters";
import { foldCompound, foldWord } from "./fold";
import { normalizeText } from "./normalize";
import { scanText } from "./scan";

/**
 * Stands between the words in their order and what is added to them, so that no phrase reaches from one into the
 * other. No text gives this token.
 */
export const ADDED_BEHIND = "|";

/**
 * A text as tokens, separated by one space: the words in their order, then, behind ADDED_BEHIND, the compounds as
 * written and the parts of camelCase words. Empty for a text without words.
 *
 * Because the words stand alone in their order, a phrase of words is found whether the text writes `foo bar`,
 * `foo-bar` or `foo_bar`; the compound's own token tells these apart.
 */
export function tokenize(text: string): string {
  const normalized = normalizeText(text);
  let inOrder = "";
  let added = "";
  scanText(normalized, {
    word(start, end) {
      const { token, parts } = foldWord(normalized.slice(start, end));
      if (token !== "") inOrder = inOrder === "" ? token : `${inOrder} ${token}`;
      for (const part of parts) added = `${added} ${part}`;
    },
    compound(start, end) {
      const token = foldCompound(normalized.slice(start, end));
      if (token !== null) added = `${added} ${token}`;
    },
    run(start, end) {
      const grams = gramsOf(normalized.slice(start, end)).join(" ");
      inOrder = inOrder === "" ? grams : `${inOrder} ${grams}`;
    },
  });
  return added === "" ? inOrder : `${inOrder} ${ADDED_BEHIND}${added}`;
}

/**
 * The overlapping pairs of a run and its last character alone: 天気図 → 天気, 気図, 図. With the last one, every
 * character begins a token, so that a question of one character, asked as a prefix, finds all of them.
 */
export function gramsOf(run: string): string[] {
  const grams: string[] = [];
  let at = 0;
  while (at < run.length) {
    const second = at + widthAt(run, at);
    const end = second < run.length ? second + widthAt(run, second) : second;
    grams.push(run.slice(at, end));
    at = second;
  }
  return grams;
}
