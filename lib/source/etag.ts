const DOUBLE_QUOTE = 0x22;

/**
 * An ETag as Sluice compares it: without quotes and without the weak marker, since stores and the proxies in front
 * of them add and drop both between a listing and a read. Empty where a store gives none. What the marker says is
 * asked with `isWeakEtag`, and stays out of what is stored.
 */
export function normaliseEtag(etag: string | null | undefined): string {
  const trimmed = (etag ?? "").trim();
  const tag = hasWeakMarker(trimmed) ? trimmed.slice(2) : trimmed;
  const last = tag.length - 1;
  const isQuoted = last > 0 && tag.charCodeAt(0) === DOUBLE_QUOTE && tag.charCodeAt(last) === DOUBLE_QUOTE;
  return isQuoted ? tag.slice(1, last) : tag;
}

/** Whether other bytes may have the same ETag (RFC 9110, 8.8.1). */
export function isWeakEtag(etag: string | null | undefined): boolean {
  return hasWeakMarker((etag ?? "").trim());
}

/** As `If-Match` wants it. */
export function quoteEtag(etag: string): string {
  return `"${etag}"`;
}

function hasWeakMarker(tag: string): boolean {
  return tag.startsWith("W/") || tag.startsWith("w/");
}
