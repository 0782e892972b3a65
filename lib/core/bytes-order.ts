/**
 * Compares keys as S3 orders them: by their UTF-8 bytes.
 *
 * JavaScript compares UTF-16 units, which puts an emoji before U+FF01; S3 puts it after.
 * Returns a negative number, zero, or a positive number.
 */
export function compareKeys(left: string, right: string): number {
  if (left === right) return 0;
  const shorter = Math.min(left.length, right.length);
  for (let at = 0; at < shorter; at++) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a === b) continue;
    const bothBelowSurrogates = a < 0xd800 && b < 0xd800;
    return bothBelowSurrogates
      ? a - b
      : Buffer.compare(Buffer.from(left, "utf8"), Buffer.from(right, "utf8"));
  }
  return left.length - right.length;
}

/**
 * The smallest text above every key that starts with `prefix`; null when there is none (the empty prefix, or one
 * of nothing but U+10FFFF). UTF-8 sorts as code points do.
 */
export function endOfPrefix(prefix: string): string | null {
  const points = [...prefix];
  for (let at = points.length - 1; at >= 0; at--) {
    const point = points[at]?.codePointAt(0) ?? 0;
    if (point === 0x10ffff) continue;
    // The surrogates, U+D800 to U+DFFF, are no characters.
    const next = point === 0xd7ff ? 0xe000 : point + 1;
    return points.slice(0, at).join("") + String.fromCodePoint(next);
  }
  return null;
}
