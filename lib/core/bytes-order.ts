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
