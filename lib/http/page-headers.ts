/** The request header in which the proxy tells a page its own path and query. A sender's is overwritten. */
export const PATH_HEADER = "x-sluice-path";

/**
 * Which scripts a page may run: those that carry its nonce, and what they load (CSP level 3, `strict-dynamic`).
 * Styles may stand in the page, since menus and charts are placed by style attributes.
 */
export function contentSecurityPolicy(args: { nonce: string; isDevelopment: boolean }): string {
  const scripts = ["'self'", `'nonce-${args.nonce}'`, "'strict-dynamic'"];
  // React rebuilds the server's stack traces with eval while developing, and only then.
  if (args.isDevelopment) scripts.push("'unsafe-eval'");
  return [
    "default-src 'self'",
    `script-src ${scripts.join(" ")}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What every page says beside its policy. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "cross-origin-opener-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
};
