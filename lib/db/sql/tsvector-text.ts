import type { ChunkMatch, TokenSequence } from "./search-index";

/** The highest place that a tsvector keeps; what stands behind it is found, but in no phrase. */
const PLACE_MAX = 16_383;

/**
 * The text of a tsvector over tokens that spaces separate: those of the title with weight A, then those of the body
 * behind a gap, so that no phrase reaches from one into the other.
 */
export function tsvectorOf(titleTokens: string, bodyTokens: string): string {
  const places = new Map<string, string>();
  const add = (token: string, place: number, weight: string) => {
    const before = places.get(token);
    const here = `${Math.min(place, PLACE_MAX)}${weight}`;
    places.set(token, before === undefined ? here : `${before},${here}`);
  };
  const title = wordsOf(titleTokens);
  for (const [at, token] of title.entries()) add(token, at + 1, "A");
  for (const [at, token] of wordsOf(bodyTokens).entries()) add(token, title.length + at + 2, "");
  return [...places].map(([token, at]) => `${quoted(token)}:${at}`).join(" ");
}

/** The text of the tsquery for a match; empty when it asks for nothing. */
export function tsqueryOf(match: ChunkMatch): string {
  const written = tsqueriesOf(match.groups).filter((query) => query !== "");
  return written.map((query) => `(${query})`).join(match.mode === "all" ? " & " : " | ");
}

/** The same for each group by itself. */
export function tsqueriesOf(groups: ChunkMatch["groups"]): string[] {
  return groups.map((group) =>
    group
      .map(sequenceQuery)
      .filter((query) => query !== "")
      .join(" | "),
  );
}

function sequenceQuery(sequence: TokenSequence): string {
  const words = wordsOf(sequence.words.join(" ").replace(/["\0]/g, ""));
  if (words.length === 0) return "";
  return `(${words.map(quoted).join(" <-> ")}${sequence.isPrefix ? ":*" : ""})`;
}

function wordsOf(tokens: string): string[] {
  return tokens.split(" ").filter((token) => token !== "");
}

/** Every token is quoted, so that nothing in it can be read as an operator. */
function quoted(token: string): string {
  return `'${token.replace(/['\\]/g, "$&$&")}'`;
}
