import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";

const TOLD = Symbol.for("sluice.peer-address");

/**
 * Overwrites `X-Forwarded-For` of every request with the address of its socket, before Next.js sees it. Without a
 * proxy in front the header is whatever the sender likes, and would give every sign-in try a new address.
 *
 * To be called once, before the first request, by the process that serves. Does nothing behind a trusted proxy.
 */
export function tellPeerAddress(args: { trustProxy: boolean }): void {
  if (args.trustProxy || isPeerKnown()) return;
  Reflect.set(globalThis, TOLD, true);
  // Node publishes this ahead of the server's own `request` event (nodejs.org, diagnostics_channel, HTTP).
  subscribe("http.server.request.start", (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers["x-forwarded-for"] = request.socket.remoteAddress ?? "";
  });
}

/** Whether `X-Forwarded-For` of this process is the socket's address. */
export function isPeerKnown(): boolean {
  return Reflect.get(globalThis, TOLD) === true;
}
