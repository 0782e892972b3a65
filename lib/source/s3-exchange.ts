import type { Dispatcher } from "undici";
import type { AbortListener } from "./abort-watch";
import { BodyPieces, type CollectedBody, type Ending } from "./body-pieces";
import type { Connection, SentRequest } from "./connection";
import type { ConnectionPool, Taker } from "./connection-pool";
import { type AnswerHeaders, headerOf } from "./s3-answer";
import { asNodeError, ExchangeError, nodeCodeOf } from "./undici-errors";

/** A kept-alive connection that the store had closed when the request was put on it, so that nothing was asked. */
export class StaleConnection extends Error {
  readonly code = "ECONNRESET";
}

export type AnswerHead = { status: number; headers: AnswerHeaders };

/** A null body was not wanted, and not read. */
export type Answer = AnswerHead & { body: CollectedBody | null };

export type ExchangeRequest = SentRequest & {
  /** How many bytes of its body are wanted at most; null drops it. */
  bytesMaxOf: (head: AnswerHead) => number | null;
};

/**
 * Sends one GET and resolves with the answer when its body has ended, however that was: whole, cut, stalled or too
 * large. A redirect is an answer like any other.
 *
 * Rejects with an error of Node's code where no head of an answer came: ETIMEDOUT when no connection stands after
 * `connectMs` or no head arrives within `requestMs` on it. With the signal's reason once that is aborted, which
 * destroys the connection. So does a body that is not read to its end; all other connections are kept.
 */
export function exchange(
  pool: ConnectionPool,
  request: ExchangeRequest,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    pool.take(new Exchange(pool, request, signal, { resolve, reject }));
  });
}

type Settle = { resolve(answer: Answer): void; reject(reason: unknown): void };

/** One request from its place in the line to the end of its answer's body. */
class Exchange implements Taker, Dispatcher.DispatchHandler, AbortListener {
  readonly #pool: ConnectionPool;
  readonly #request: ExchangeRequest;
  readonly #signal: AbortSignal;
  readonly #settle: Settle;
  #connection: Connection | null = null;
  #head: AnswerHead | null = null;
  #pieces = new BodyPieces(0);
  #isOver = false;

  constructor(pool: ConnectionPool, request: ExchangeRequest, signal: AbortSignal, settle: Settle) {
    this.#pool = pool;
    this.#request = request;
    this.#signal = signal;
    this.#settle = settle;
    pool.aborts.add(signal, this);
  }

  start(connection: Connection): void {
    this.#connection = connection;
    connection.send(this.#request, this);
  }

  refuse(): void {
    this.#fail(new ExchangeError("ECONNRESET"));
  }

  onAbort(reason: unknown): void {
    this.#fail(reason);
  }

  // undici tells old handlers from new ones by this method.
  onRequestStart(): void {}

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (this.#isOver || status < 200) return;
    const head = { status, headers };
    this.#head = head;
    const bytesMax = this.#request.bytesMaxOf(head);
    this.#pieces = new BodyPieces(bytesMax ?? 0);
    if (bytesMax === null) this.#drop({ status, headers, body: null });
    else if (Number(headerOf(headers, "content-length")) > bytesMax) this.#cutOff(head, "too_large");
  }

  onResponseData(_: Dispatcher.DispatchController, piece: Buffer): void {
    if (this.#isOver || this.#head === null || this.#pieces.add(piece)) return;
    this.#cutOff(this.#head, "too_large");
  }

  onResponseEnd(): void {
    if (this.#isOver || this.#head === null || this.#connection === null) return;
    // An answer without a length ends with its connection, and undici takes any end of that for one.
    if (this.#connection.isBroken()) this.#cutOff(this.#head, "cut");
    else this.#finish(this.#head, this.#connection);
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (this.#isOver) return;
    const code = nodeCodeOf(error);
    if (this.#head !== null) this.#cutOff(this.#head, code === "ETIMEDOUT" ? "stalled" : "cut", error);
    else this.#fail(this.#isStale(code) ? staleBecause(error) : asNodeError(error));
  }

  #isStale(code: string | null): boolean {
    return (code === "ECONNRESET" || code === "EPIPE") && this.#connection?.isSilent() === true;
  }

  #finish({ status, headers }: AnswerHead, connection: Connection): void {
    this.#leave();
    this.#settle.resolve({ status, headers, body: this.#pieces.end("whole") });
    this.#pool.giveBack(connection);
  }

  #cutOff({ status, headers }: AnswerHead, ending: Ending, cause: Error | null = null): void {
    this.#drop({ status, headers, body: this.#pieces.end(ending, cause) });
  }

  #drop(answer: Answer): void {
    this.#leave();
    this.#settle.resolve(answer);
    if (this.#connection !== null) this.#pool.destroy(this.#connection);
  }

  #fail(reason: unknown): void {
    this.#leave();
    this.#settle.reject(reason);
    if (this.#connection === null) this.#pool.leave(this);
    else this.#pool.destroy(this.#connection);
  }

  #leave(): void {
    this.#isOver = true;
    this.#pool.aborts.delete(this.#signal, this);
  }
}

function staleBecause(cause: Error): StaleConnection {
  return new StaleConnection("the connection was closed", { cause });
}
