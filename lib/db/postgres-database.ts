import pLimit from "p-limit";
import type pg from "pg";
import { SluiceError } from "@/lib/core/errors";
import {
  DATABASE_READ_CONNECTIONS_MAX,
  DATABASE_WRITE_CONNECTIONS_MAX,
  TRANSACTION_TRIES_MAX,
} from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database, Tx } from "./database";
import { databaseCodeOf, tellDiskFull } from "./database-trouble";
import { PrismaClient as PostgresClient } from "./generated/postgres/client";
import type { PrismaClient } from "./generated/sqlite/client";
import { postgresReadingAdapter, postgresTransactionAdapter } from "./postgres-adapter";
import { askClient, askPool, openPool, type PostgresAsk } from "./postgres-connection";
import { postgresSession } from "./postgres-session";
import { openTransactionTimes, type TransactionTimes } from "./transaction-times";

/** A few connections with a transaction each, and a few that read beside them. */
export function openPostgresDatabase(args: { url: string; log: Logger }): Database {
  const writers = openPool({ ...args, connectionsMax: DATABASE_WRITE_CONNECTIONS_MAX, mayWrite: true });
  const readers = openPool({ ...args, connectionsMax: DATABASE_READ_CONNECTIONS_MAX, mayWrite: false });
  const reader = readerOf(readers);
  const perConnection = new WeakMap<pg.PoolClient, Writer>();
  const times = openTransactionTimes(args.log);
  const atOnce = pLimit(DATABASE_WRITE_CONNECTIONS_MAX);
  const running = new Set<Promise<unknown>>();
  let closing: Promise<void> | null = null;

  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (closing) return Promise.reject(new Error("The database is closed."));
    const turn = atOnce(() => runTransaction({ pool: writers, perConnection, times, log: args.log }, work));
    const ended = turn.then(noop, noop).then(() => void running.delete(ended));
    running.add(ended);
    return turn;
  };

  return {
    transaction,
    reading: (work) =>
      work(reader).catch((thrown) => {
        throw isGone(thrown) ? unreachable(thrown) : thrown;
      }),
    close: () => {
      closing ??= Promise.all(running)
        .then(() => reader.prisma.$disconnect())
        .then(() => Promise.all([writers.end(), readers.end()]))
        .then(times.tell);
      return closing;
    },
  };
}

const noop = () => {};

type Writer = { ask: PostgresAsk; tx: Tx };
type Writers = {
  pool: pg.Pool;
  perConnection: WeakMap<pg.PoolClient, Writer>;
  times: TransactionTimes;
  log: Logger;
};

function readerOf(pool: pg.Pool): Tx {
  const ask = askPool(pool);
  return {
    prisma: verbsClient(new PostgresClient({ adapter: postgresReadingAdapter(pool, ask) })),
    sql: postgresSession(ask),
  };
}

/** Prisma takes longer to get ready than a transaction may be open. */
async function writerOf({ perConnection }: Writers, client: pg.PoolClient): Promise<Writer> {
  const known = perConnection.get(client);
  if (known !== undefined) return known;
  const ask = askClient(client);
  const prisma = verbsClient(new PostgresClient({ adapter: postgresTransactionAdapter(ask) }));
  await prisma.$connect();
  const writer = { ask, tx: { prisma, sql: postgresSession(ask) } };
  perConnection.set(client, writer);
  return writer;
}

/** Both clients are made from one set of models, so verbs know one type. */
function verbsClient(client: PostgresClient): PrismaClient {
  return client as unknown as PrismaClient;
}

async function runTransaction<T>(writers: Writers, work: (tx: Tx) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryTransaction(writers, work);
    } catch (thrown) {
      if (!isConflict(thrown) || attempt >= TRANSACTION_TRIES_MAX) throw thrown;
      writers.log.debug({ attempt }, "a transaction stood in the way of another and is tried again");
    }
  }
}

async function tryTransaction<T>(writers: Writers, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await connect(writers.pool);
  let startedAt = performance.now();
  let isSound = false;
  try {
    const writer = await writerOf(writers, client);
    startedAt = performance.now();
    await writer.ask({ text: "BEGIN ISOLATION LEVEL READ COMMITTED" });
    const result = await work(writer.tx);
    await commit(writer.ask);
    isSound = true;
    return result;
  } catch (thrown) {
    if (isGone(thrown)) throw unreachable(thrown);
    isSound = await client.query("ROLLBACK").then(
      () => true,
      () => false,
    );
    throw tellDiskFull(thrown);
  } finally {
    client.release(!isSound);
    writers.times.add(startedAt);
  }
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  return pool.connect().catch((cause: unknown) => {
    throw unreachable(cause);
  });
}

function unreachable(cause: unknown): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message: "The database cannot be reached; Sluice goes on as soon as it answers.",
    cause,
  });
}

/**
 * The server ended the connection, also one that stood still in a transaction (25P03), or is on its way up or down
 * (classes 57P and 08), or the connection broke.
 */
function isGone(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const isOver =
    thrown.message.startsWith("Connection terminated") || thrown.message.startsWith("Client has");
  return isOver || /^(57P|25P03|08|ECONN|EPIPE|P10)/.test(databaseCodeOf(thrown));
}

/** A transaction in which a statement was refused answers COMMIT, without an error, with ROLLBACK. */
async function commit(ask: PostgresAsk): Promise<void> {
  const { command } = await ask({ text: "COMMIT" });
  if (command !== "COMMIT") throw new Error("The transaction was undone: a statement in it was refused.");
}

/** Serialization failures and deadlocks: by PostgreSQL's code, and by Prisma's for the same. */
const CONFLICTS = new Set(["40001", "40P01", "P2034"]);

function isConflict(thrown: unknown): boolean {
  return CONFLICTS.has(databaseCodeOf(thrown));
}
