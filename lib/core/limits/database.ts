/** Transactions, connections and statements, of both databases. */

export const TRANSACTION_MS_MAX = 50;
/** Bytes of SQLite's log from which on it is copied back into the database. */
export const LOG_BYTES_MAX = 128 * 1024 * 1024;
export const BUSY_TIMEOUT_MS = 5_000;
export const STATEMENTS_KEPT_MAX = 300;
/** A longer one, which lists very many values, is prepared anew each time. */
export const STATEMENT_KEPT_CHARS_MAX = 10_000;
/** Rows that one statement goes through to count them, or to find the few that are wanted, within 10 ms. */
export const COUNTED_ROWS_MAX = 10_000;
/** Of each process to a PostgreSQL: transactions that stand open at once, and statements that read beside them. */
export const DATABASE_WRITE_CONNECTIONS_MAX = 2;
export const DATABASE_READ_CONNECTIONS_MAX = 4;
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000;
export const DATABASE_CONNECTION_IDLE_MS = 5 * 60 * 1000;
export const STATEMENT_TIMEOUT_MS = 60_000;
export const LOCK_TIMEOUT_MS = 10_000;
/** Whoever stops in the middle of a transaction loses it before those who wait for its locks give up. */
export const IDLE_IN_TRANSACTION_MS = 5_000;
/** Tries of a transaction that the database ended because it stood in the way of another. */
export const TRANSACTION_TRIES_MAX = 5;
/** How long a start waits for another one that is migrating. */
export const MIGRATION_TIMEOUT_MS = 10 * 60 * 1000;
