/**
 * JSON for a statement's `json_each`. SQLite turns the escape of half a surrogate pair into bytes that are no
 * UTF-8, and the driver ends the whole process when it reads them back; and a text ends for the driver at a NUL.
 * Both become the replacement character.
 */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  // Hardly any list has an escape of this kind, and looking for two letters is much faster than the expression.
  if (!text.includes("\\u") || !ESCAPED.test(text)) return text;
  return JSON.stringify(value, (_name, part: unknown) =>
    typeof part === "string" ? part.replace(UNSTORABLE, "\ufffd") : part,
  );
}

/** `JSON.stringify` escapes only surrogates that stand alone. A written-out backslash may match too; it does no harm. */
const ESCAPED = /\\u(?:d[89a-f]|0000)/;
const UNSTORABLE = /[\0\p{Surrogate}]/gu;
