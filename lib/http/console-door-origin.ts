import { SluiceError } from "@/lib/core/errors";

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Throws `forbidden` unless a request that changes something was sent by a page of this console. A request without
 * an Origin is refused too: every browser sends one with it.
 */
export function demandOwnOrigin(headers: Pick<Headers, "get">, ownUrl: string): void {
  const origin = headers.get("origin");
  if (origin !== null && isOwnOrigin(origin, ownUrl)) return;
  throw new SluiceError({
    code: "forbidden",
    effect: "stop",
    message: "Forbidden",
    details: `This request did not come from a page of ${new URL(ownUrl).origin}. Open the console at that address, or set SLUICE_URL to the one you use.`,
  });
}

/**
 * The same scheme, host and port. The names of this machine count as one host: who starts Sluice on 127.0.0.1 opens
 * it as localhost, and a page on either cannot be put there by another site.
 */
function isOwnOrigin(origin: string, ownUrl: string): boolean {
  const own = new URL(ownUrl);
  if (origin === own.origin) return true;
  if (!LOOPBACK_NAMES.has(own.hostname) || !URL.canParse(origin)) return false;
  const other = new URL(origin);
  return LOOPBACK_NAMES.has(other.hostname) && other.protocol === own.protocol && other.port === own.port;
}
