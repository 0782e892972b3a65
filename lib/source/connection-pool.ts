import { S3_SOCKETS_MAX } from "@/lib/core/limits";
import { AbortWatch } from "./abort-watch";
import { Connection, type ConnectionTools } from "./connection";

/** Who wants a connection. It is told once: of a connection, or that there will be none. */
export type Taker = { start(connection: Connection): void; refuse(): void };

/**
 * The connections to one origin, at most S3_SOCKETS_MAX of them. Whoever is given one gives it back, or destroys it
 * where its request did not come to its end. undici's own pool keeps neither that bound nor hold of its sockets after
 * a connection could not be opened.
 */
export class ConnectionPool {
  /** Where takers hear that their signals are aborted. */
  readonly aborts = new AbortWatch();
  readonly #origin: string;
  readonly #tools: ConnectionTools;
  readonly #open = new Set<Connection>();
  /** The one used last is used next, so that those too many fall idle and close. */
  readonly #idle: Connection[] = [];
  readonly #waiting = new Set<Taker>();
  #isClosed = false;

  constructor(origin: string, tools: ConnectionTools) {
    this.#origin = origin;
    this.#tools = tools;
  }

  /** At once where a connection is free or may be opened; else as soon as one is, in the order of asking. */
  take(taker: Taker): void {
    const connection = this.#isClosed ? null : (this.#idle.pop() ?? this.#openAnother());
    if (this.#isClosed) taker.refuse();
    else if (connection === null) this.#waiting.add(taker);
    else taker.start(connection);
  }

  /** Forgets one that waits. */
  leave(taker: Taker): void {
    this.#waiting.delete(taker);
  }

  giveBack(connection: Connection): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#idle.push(connection);
      return;
    }
    this.#waiting.delete(next);
    next.start(connection);
  }

  destroy(connection: Connection): void {
    this.#open.delete(connection);
    connection.destroy();
    const [next] = this.#waiting;
    const another = next === undefined ? null : this.#openAnother();
    if (next === undefined || another === null) return;
    this.#waiting.delete(next);
    next.start(another);
  }

  /** Destroys all connections, and refuses who waits or comes later. */
  close(): void {
    this.#isClosed = true;
    for (const taker of this.#waiting) taker.refuse();
    this.#waiting.clear();
    for (const connection of this.#open) connection.destroy();
    this.#open.clear();
    this.#idle.length = 0;
  }

  #openAnother(): Connection | null {
    if (this.#open.size >= S3_SOCKETS_MAX) return null;
    const connection = new Connection(this.#origin, this.#tools);
    this.#open.add(connection);
    return connection;
  }
}

/** The pools of one source: one, or two where the store has named another region. */
export class ConnectionPools {
  readonly #tools: ConnectionTools;
  readonly #pools = new Map<string, ConnectionPool>();

  constructor(tools: ConnectionTools) {
    this.#tools = tools;
  }

  to(origin: string): ConnectionPool {
    const known = this.#pools.get(origin);
    if (known !== undefined) return known;
    const pool = new ConnectionPool(origin, this.#tools);
    this.#pools.set(origin, pool);
    return pool;
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
  }
}
