/**
 * The text as both databases keep it. SQLite's driver gives a text back only up to a NUL, and PostgreSQL refuses
 * one; half a surrogate pair both drivers replace by themselves.
 */
export function storableText(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\ufffd") : text;
}
