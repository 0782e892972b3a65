const TAIL_CHARS_MAX = 36;
const TAIL_CHARS_OF_LONG_NAME = 24;

/**
 * Characters that are not drawn as themselves or that reorder what stands around them: controls, separators,
 * zero-width and bidirectional marks, lone surrogates. A key from a bucket is hostile text.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u00A0\u115F\u1160\u3164\uFFA0]/gu;

/** One stretch of a text as it is shown: `isEscape` marks the ones that stand for a character that is not drawn. */
export type ShownPart = { text: string; isEscape: boolean };

/** Splits hostile text into what can be drawn and escapes such as `\u202E` for what cannot. */
export function shownParts(text: string): ShownPart[] {
  const parts: ShownPart[] = [];
  let from = 0;
  for (const match of text.matchAll(UNSAFE)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index), isEscape: false });
    parts.push({ text: escapeOf(match[0]), isEscape: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isEscape: false });
  return parts;
}

/** The same as one string, for an attribute, a title or an announcement. */
export function shownText(text: string): string {
  return shownParts(text)
    .map((part) => part.text)
    .join("");
}

/**
 * Where a key is cut when there is no room for all of it: the head gives way, the tail (the file's name) stays.
 * Head and tail are always the whole key, and no character is cut in two.
 */
export function splitKey(key: string): { head: string; tail: string } {
  const trimmed = key.endsWith("/") ? key.slice(0, -1) : key;
  const slash = trimmed.lastIndexOf("/");
  const name = key.slice(slash + 1);
  if (name.length <= TAIL_CHARS_MAX) return { head: key.slice(0, slash + 1), tail: name };
  const cut = key.length - TAIL_CHARS_OF_LONG_NAME;
  const at = isLowSurrogate(key.charCodeAt(cut)) ? cut + 1 : cut;
  return { head: key.slice(0, at), tail: key.slice(at) };
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (character === "\n") return "\\n";
  if (character === "\r") return "\\r";
  if (character === "\t") return "\\t";
  return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
}

function isLowSurrogate(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
