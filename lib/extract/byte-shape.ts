import iconv from "iconv-lite";

/** Control characters that texts do hold: backspace to carriage return, escape (ANSI colours), and Ctrl-Z that DOS ends files with. */
const IS_CONTROL = new Uint8Array(256).map((_, byte) =>
  byte < 32 && !(byte >= 8 && byte <= 13) && byte !== 27 && byte !== 26 ? 1 : 0,
);

/** The share of bytes that no text would hold, 0 to 1. */
export function controlShare(sample: Uint8Array): number {
  if (sample.length === 0) return 0;
  let count = 0;
  for (let at = 0; at < sample.length; at++) count += IS_CONTROL[sample[at] ?? 0] ?? 0;
  return count / sample.length;
}

/**
 * Whether bytes without a mark are UTF-16, and which.
 *
 * Read the right way round, a text has spaces, newlines or CJK stops and hardly a character that Unicode leaves
 * unassigned; read the wrong way round, or from binary, it has the reverse.
 */
export function findUtf16(sample: Uint8Array): "utf-16le" | "utf-16be" | null {
  const even = sample.subarray(0, sample.length & ~1);
  if (even.length < 4) return null;
  const little = plausibility(iconv.decode(even, "utf-16le", { stripBOM: false }));
  const big = plausibility(iconv.decode(even, "utf-16be", { stripBOM: false }));
  if (Math.max(little, big) <= 0) return null;
  return little >= big ? "utf-16le" : "utf-16be";
}

const UNITS_LOOKED_AT = 8_192;

/** Zero for what cannot be a text, else the share of characters that only a text has. */
function plausibility(text: string): number {
  const part = text.slice(0, UNITS_LOOKED_AT);
  const strange = part.match(/[\p{Cn}\p{Co}\p{Cs}]|(?!\s)\p{Cc}/gu)?.length ?? 0;
  // The end of the slice may cut one pair.
  if (strange > 1 + part.length * 0.005) return 0;
  const common = part.match(/[ \n\r\ta-zA-Z0-9.,、。，]/gu)?.length ?? 0;
  const share = common / part.length;
  return share >= 0.02 ? share : 0;
}
