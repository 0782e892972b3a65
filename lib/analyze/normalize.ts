/**
 * Brings spellings together that look the same: NFKC (full-width letters, ligatures, half-width kana), one kind of
 * apostrophe and hyphen, and no invisible characters. ASCII comes back as it is.
 */
export function normalizeText(text: string): string {
  if (ASCII.test(text)) return text;
  return text.normalize("NFKC").replace(INVISIBLE, "").replace(APOSTROPHES, "'").replace(HYPHENS, "-");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII as a whole.
const ASCII = /^[\x00-\x7f]*$/;
/** Soft hyphen, zero-width space and joiners, word joiner, byte-order mark, variation selectors. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]|\p{Variation_Selector}/gu;
const APOSTROPHES = /[\u2018\u2019\u02bc]/g;
const HYPHENS = /[\u2010\u2011]/g;

export type NormalizedText = {
  normalized: string;
  /** Where in the text the character at this place of the normalized text comes from. */
  startOf(at: number): number;
  /** The end, exclusive, of what the character at this place comes from. */
  endOf(at: number): number;
};

/** The same, with the way back to the text as it was, whose length may differ. */
export function normalizeWithOffsets(text: string): NormalizedText {
  if (normalizeText(text) === text) {
    return { normalized: text, startOf: (at) => at, endOf: (at) => at + 1 };
  }
  const starts: number[] = [];
  const ends: number[] = [];
  let normalized = "";
  for (const cluster of text.matchAll(CLUSTER)) {
    const written = normalizeText(cluster[0]);
    for (let unit = 0; unit < written.length; unit++) {
      starts.push(cluster.index);
      ends.push(cluster.index + cluster[0].length);
    }
    normalized += written;
  }
  return {
    normalized,
    startOf: (at) => starts[at] ?? text.length,
    endOf: (at) => ends[at] ?? text.length,
  };
}

/** What NFKC may join into one: a character and its marks, half-width kana and their sound marks, Hangul letters. */
const CLUSTER = /[\u1100-\u11ff]+|.[\p{M}\uff9e\uff9f]*/gsu;
