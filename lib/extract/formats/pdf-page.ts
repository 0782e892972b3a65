/** The part of a pdf.js text item that is used. `transform[5]` is the baseline's height on the page. */
export type PdfTextItem = { str: string; hasEOL: boolean; height: number; transform: number[] };

/** A gap of more than so many line heights starts a paragraph. */
const PARAGRAPH_GAP = 1.6;

/**
 * The text of one page: a line for each line, an empty line where the gap is that of a paragraph, and words that
 * were parted at a line's end joined again, since a search for the word would miss its halves.
 */
export function pageText(items: readonly PdfTextItem[]): string {
  let text = "";
  let baseline: number | null = null;
  for (const item of items) {
    const next = item.transform[5] ?? 0;
    if (baseline !== null && item.str.trim() !== "") {
      const gap = Math.abs(baseline - next);
      if (text.endsWith("\n") && item.height > 0 && gap > item.height * PARAGRAPH_GAP) text += "\n";
    }
    if (item.str.trim() !== "") baseline = next;
    text += item.hasEOL ? `${item.str}\n` : item.str;
  }
  const lines = text.split("\n").map((line) => line.trimEnd());
  return lines
    .join("\n")
    .replace(/(\p{L})(?:\u00AD|(?<=\p{Ll})-)\n(?=\p{Ll})/gu, "$1")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
