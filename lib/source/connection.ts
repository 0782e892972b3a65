import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Connect } from "./guarded-connector";
import type { S3Timeouts } from "./s3-timeouts";
import { ExchangeError } from "./undici-errors";

export type SentRequest = { path: string; headers: Record<string, string> };

/** What a connection is opened with. */
export type ConnectionTools = { connect: Connect; timeouts: S3Timeouts };

/**
 * One kept-alive connection, which carries one request at a time. It opens with a request and, where the store has
 * closed it meanwhile, again with the next one; a request that was sent is never sent again by itself.
 */
export class Connection {
  readonly #client: Client;
  /** The one opened last. */
  #socket: Socket | null = null;
  /** What had come over that socket when the request was sent; 0 on a new one. */
  #bytesBefore = 0;

  constructor(origin: string, { connect, timeouts }: ConnectionTools) {
    this.#client = new Client(origin, {
      pipelining: 1,
      headersTimeout: timeouts.requestMs,
      bodyTimeout: timeouts.idleMs,
      connect: (options, callback) => {
        this.#socket = connect(options, callback);
      },
    });
  }

  send({ path, headers }: SentRequest, answer: Dispatcher.DispatchHandler): void {
    this.#bytesBefore = this.#socket?.bytesRead ?? 0;
    this.#client.dispatch({ method: "GET", path, headers }, answer);
  }

  /** Whether the last request was put on a socket that had been answered on, and nothing has come over it since. */
  isSilent(): boolean {
    return this.#bytesBefore > 0 && this.#socket?.bytesRead === this.#bytesBefore;
  }

  /** Whether the socket ended by an error. An answer that ends with its socket is not whole then. */
  isBroken(): boolean {
    return (this.#socket?.errored ?? null) !== null;
  }

  /** Ends whatever is under way, also where it is still being connected. */
  destroy(): void {
    const reason = new ExchangeError("ECONNRESET");
    this.#socket?.destroy(reason);
    this.#client.destroy(reason, () => {});
  }
}
