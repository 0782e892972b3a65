/**
 * An ETag as Sluice compares it: without quotes and without the weak marker, since stores and the proxies in front
 * of them add and drop both between a listing and a read. Empty where a store gives none.
 */
export function normaliseEtag(etag: string | undefined): string {
  return (etag ?? "")
    .trim()
    .replace(/^W\//i, "")
    .replace(/^"(.*)"$/s, "$1");
}

/** As `If-Match` wants it. */
export function quoteEtag(etag: string): string {
  return `"${etag}"`;
}
