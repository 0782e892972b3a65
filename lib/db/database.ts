import { mkdirSync } from "node:fs";
import path from "node:path";
import type { Logger } from "@/lib/core/log";
import type { PrismaClient } from "./generated/sqlite/client";
import type { SqlSession } from "./sql-session";
import { type Durability, openSqliteDatabase } from "./sqlite-database";

/**
 * What a verb works with: Prisma, and the session for the hot statements of `sql/`. Both stand in the same
 * transaction, or, when it was made by `reading`, in none and must not write.
 */
export type Tx = { prisma: PrismaClient; sql: SqlSession };

export type Database = {
  /**
   * Runs `work` in one transaction that is committed when it resolves and rolled back when it rejects. No network
   * call, under 50 ms: on SQLite it holds the only write lock. On PostgreSQL others run beside it, what it read may
   * change unless it locked it, and `work` is called again when the database ended it for the sake of another.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads what is committed; refuses to write. Never waits for a transaction. */
  reading<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export const DATABASE_FILE = "sluice.db";

/** Where the data is kept: in a PostgreSQL, or, when there is no URL, in a file of the data folder. */
export type DatabasePlace = { databaseUrl: string | null; dataDir: string };

/** `replayable` is for a process that only writes what it could write again; PostgreSQL keeps all of it anyway. */
export function openDatabase(args: DatabasePlace & { log: Logger; durability?: Durability }): Database {
  const { databaseUrl, log } = args;
  if (databaseUrl !== null) return openPostgres({ url: databaseUrl, log });
  mkdirSync(args.dataDir, { recursive: true, mode: 0o700 });
  const { durability = "full" } = args;
  return openSqliteDatabase({ file: path.join(args.dataDir, DATABASE_FILE), log, durability });
}

/** Loaded where it is wanted: its drivers would take 30 MB of every process that keeps its data in a file. */
function openPostgres(args: { url: string; log: Logger }): Database {
  const opening = import("./postgres-database").then((module) => module.openPostgresDatabase(args));
  return {
    transaction: async (work) => (await opening).transaction(work),
    reading: async (work) => (await opening).reading(work),
    close: async () => (await opening).close(),
  };
}
