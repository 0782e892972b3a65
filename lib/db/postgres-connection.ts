import pg from "pg";
import {
  DATABASE_CONNECT_TIMEOUT_MS,
  DATABASE_CONNECTION_IDLE_MS,
  IDLE_IN_TRANSACTION_MS,
  LOCK_TIMEOUT_MS,
  STATEMENT_TIMEOUT_MS,
} from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import { databaseCodeOf } from "./database-trouble";
import { storableText } from "./storable-text";

/** Runs one statement on a connection, or on any of several. */
export type PostgresAsk = (statement: pg.QueryConfig<unknown[]>) => Promise<pg.QueryResult>;

export type PoolUse = { url: string; log: Logger; connectionsMax: number; mayWrite: boolean };

/** Connections that are opened when they are needed; one that breaks leaves, and the next call gets another. */
export function openPool({ url, log, connectionsMax, mayWrite }: PoolUse): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "sluice",
    max: connectionsMax,
    connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: DATABASE_CONNECTION_IDLE_MS,
    keepAlive: true,
    // Statements of a transaction are sent as they are called, without waiting for the answers to those before them.
    pipeline: mayWrite,
    onConnect: (client) => client.query(settings(mayWrite)),
  });
  pool.on("error", (thrown) => log.warn({ err: thrown }, "a connection to the database has ended"));
  // While it is in use, whoever uses it is told by its statement; without a listener the process would end.
  pool.on("connect", (client) => client.on("error", () => {}));
  return pool;
}

/**
 * A statement that waits or works for longer ends with an error. So does a connection whose process stands still in a
 * transaction, before those give up who wait for what it has locked. Prisma names the schema `public` in every
 * statement, so the others look there, too. A table may grow from nothing to a million rows within minutes, so no plan
 * is kept for the next time; and compiling one takes longer than what these statements do.
 */
function settings(mayWrite: boolean): string {
  return `SET search_path = public;
    SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
    SET lock_timeout = ${LOCK_TIMEOUT_MS};
    SET plan_cache_mode = force_custom_plan;
    SET jit = off;
    SET idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_MS};
    SET default_transaction_read_only = ${mayWrite ? "off" : "on"}`;
}

/** Statements on whichever connection is free. */
export function askPool(pool: pg.Pool): PostgresAsk {
  return async (statement) => pool.query(storable(statement)).catch(tellColumns);
}

/**
 * Statements on one connection, in the order of the calls. Those of a transaction that were sent behind one that is
 * refused are refused with it, and reject with its reason: that is what their caller hears first.
 */
export function askClient(client: pg.ClientBase): PostgresAsk {
  let reason: unknown = null;
  return async (statement) => {
    try {
      const result = await client.query(storable(statement));
      reason = null;
      return result;
    } catch (thrown) {
      if (databaseCodeOf(thrown) !== IN_FAILED_TRANSACTION) reason = thrown;
      return tellColumns(reason ?? thrown);
    }
  };
}

const IN_FAILED_TRANSACTION = "25P02";

function storable(statement: pg.QueryConfig<unknown[]>): pg.QueryConfig<unknown[]> {
  const values = statement.values?.map((value) => (typeof value === "string" ? storableText(value) : value));
  return { ...statement, values };
}

const UNIQUE_VIOLATION = "23505";

/** Of a broken unique rule Prisma tells the columns, as it does on SQLite, unless it is told the rule's name. */
function tellColumns(thrown: unknown): never {
  if (thrown instanceof pg.DatabaseError && thrown.code === UNIQUE_VIOLATION) thrown.constraint = undefined;
  throw thrown;
}
