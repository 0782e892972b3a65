import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import type { GuardedAgents } from "./guarded-agent";
import type { S3Timeouts } from "./s3-timeouts";

/** A kept-alive connection that the store had closed when the request was put on it, so that nothing was asked. */
export class StaleConnection extends Error {
  readonly code = "ECONNRESET";
}

/** Where requests go: what of a URL a request needs, taken apart once. */
export type Destination = {
  isSecure: boolean;
  /** As a socket wants it: an address of IPv6 without brackets. */
  hostname: string;
  /** Empty for the scheme's own. */
  port: string;
  agents: GuardedAgents;
  timeouts: S3Timeouts;
};

/**
 * Sends one GET and resolves with the answer's headers; its body still waits to be read or destroyed. A redirect is
 * an answer like any other.
 *
 * Rejects with Node's error: ETIMEDOUT when no connection stands after `connectMs` or no answer begins within
 * `requestMs` on it. An aborted signal destroys the request, and the body too while that lasts.
 */
export function exchange(
  destination: Destination,
  { path, headers }: { path: string; headers: Record<string, string> },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { isSecure, hostname: host, port, agents } = destination;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const options = { host, port, method: "GET", path, headers, setHost: false };
    const request = isSecure
      ? httpsRequest({ ...options, agent: agents.https })
      : httpRequest({ ...options, agent: agents.http });
    const watch = new RequestWatch(request, destination);
    const onAbort = () => void request.destroy(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    request.once("response", (answer) => {
      watch.stop();
      resolve(answer);
    });
    // Stays until the end: an answer may be followed by an error that nobody else listens for.
    request.on("error", (error) => reject(watch.judge(error)));
    request.once("close", () => {
      watch.stop();
      signal.removeEventListener("abort", onAbort);
    });
    request.end();
  });
}

/** The clocks of one request, and what its connection was when it began. */
class RequestWatch {
  readonly #request: ClientRequest;
  #connecting: NodeJS.Timeout | null = null;
  #answering: NodeJS.Timeout | null = null;
  #socket: Socket | null = null;
  #bytesBefore = 0;

  constructor(request: ClientRequest, { isSecure, timeouts }: Destination) {
    this.#request = request;
    request.once("socket", (socket) => {
      this.#socket = socket;
      this.#bytesBefore = socket.bytesRead;
      this.#answering = this.#destroyAfter(timeouts.requestMs);
      if (!socket.connecting) return;
      const connecting = this.#destroyAfter(timeouts.connectMs);
      this.#connecting = connecting;
      socket.once(isSecure ? "secureConnect" : "connect", () => clearTimeout(connecting));
    });
  }

  stop(): void {
    if (this.#connecting !== null) clearTimeout(this.#connecting);
    if (this.#answering !== null) clearTimeout(this.#answering);
  }

  /** The error as the caller is to see it. */
  judge(error: Error): Error {
    const code: unknown = Reflect.get(error, "code");
    const isClosed = code === "ECONNRESET" || code === "EPIPE";
    const isUnread = this.#socket?.bytesRead === this.#bytesBefore;
    const isStale = isClosed && isUnread && this.#request.reusedSocket;
    return isStale ? new StaleConnection("the connection was closed", { cause: error }) : error;
  }

  #destroyAfter(timeMs: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#request.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" }));
    }, timeMs);
  }
}
