const DOUBLE_QUOTE = 0x22;

/**
 * An ETag as Sluice compares it: without quotes and without the weak marker, since stores and the proxies in front
 * of them add and drop both between a listing and a read. Empty where a store gives none.
 */
export function normaliseEtag(etag: string | null | undefined): string {
  const tag = withoutWeakMarker((etag ?? "").trim());
  const last = tag.length - 1;
  const isQuoted = last > 0 && tag.charCodeAt(0) === DOUBLE_QUOTE && tag.charCodeAt(last) === DOUBLE_QUOTE;
  return isQuoted ? tag.slice(1, last) : tag;
}

/** As `If-Match` wants it. */
export function quoteEtag(etag: string): string {
  return `"${etag}"`;
}

function withoutWeakMarker(tag: string): string {
  return tag.startsWith("W/") || tag.startsWith("w/") ? tag.slice(2) : tag;
}
