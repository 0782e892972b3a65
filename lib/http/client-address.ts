import { isPeerKnown } from "./client-address-peer";

/** Said where the address cannot be known. All such requests share one limit. */
export const UNKNOWN_ADDRESS = "unknown";

/**
 * The address a request comes from, for limits and for the record.
 *
 * Next.js shows a route no socket. It writes the socket's address into `X-Forwarded-For`, but only where the sender
 * has not written one, so that header alone proves nothing. `tellPeerAddress` puts that right at the start of the
 * process; with `SLUICE_TRUST_PROXY` the proxy in front does. Either way it is the rightmost entry, which the last
 * machine that was trusted has written.
 */
export function clientAddress(headers: Pick<Headers, "get">, trustProxy: boolean): string {
  if (!trustProxy && !isPeerKnown()) return UNKNOWN_ADDRESS;
  const written = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  if (!written) return UNKNOWN_ADDRESS;
  // An IPv4 peer of an IPv6 socket is the same machine as over IPv4.
  return written.replace(/^::ffff:(?=\d+\.)/i, "");
}
