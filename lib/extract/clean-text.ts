import { TEXT_BYTES_MAX, TITLE_CHARS_MAX } from "@/lib/core/limits";

/** What a format's reader found, not yet cleaned. `isCut` says that the reader stopped before the end. */
export type ReadText = { text: string; title: string | null; isCut: boolean };

/**
 * The one place where text becomes fit to store: no NUL (PostgreSQL refuses it), no lone surrogate
 * (it has no UTF-8), newlines as `\n`, no byte order mark, at most `bytesMax` bytes of UTF-8 that end
 * on a code point.
 */
export function cleanText(raw: string, bytesMax = TEXT_BYTES_MAX): { text: string; isCut: boolean } {
  const slice = raw.length > bytesMax ? sliceUnits(raw, bytesMax) : raw;
  const text = normalise(slice);
  const end = unitsWithinBytes(text, bytesMax);
  return {
    text: end < text.length ? text.slice(0, end) : text,
    isCut: slice.length < raw.length || end < text.length,
  };
}

/** A title on one line of at most TITLE_CHARS_MAX characters, or null when nothing readable is left. */
export function cleanTitle(raw: string | null): string | null {
  if (raw === null) return null;
  const line = normalise(sliceUnits(raw, TITLE_CHARS_MAX * 8))
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, (run) => (/\s/u.test(run) || /\p{Cc}/u.test(run) ? " " : run))
    .trim();
  if (!/[\p{L}\p{N}\p{S}]/u.test(line)) return null;
  return sliceUnits(line, TITLE_CHARS_MAX).trimEnd();
}

/** At most `units` UTF-16 units, never half of a surrogate pair. */
export function sliceUnits(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? units - 1 : units);
}

function normalise(text: string): string {
  let clean = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (clean.includes("\0")) clean = clean.replaceAll("\0", "");
  if (clean.includes("\r")) clean = clean.replace(/\r\n?/g, "\n");
  return /\p{Cs}/u.test(clean) ? clean.replace(/\p{Cs}/gu, "\uFFFD") : clean;
}

/** How many UTF-16 units fit into so many bytes, found without encoding where length alone decides. */
function unitsWithinBytes(text: string, bytesMax: number): number {
  if (text.length * 3 <= bytesMax || Buffer.byteLength(text, "utf8") <= bytesMax) return text.length;
  return new TextEncoder().encodeInto(text, new Uint8Array(bytesMax)).read;
}
