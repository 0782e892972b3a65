import { mkdirSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { BUSY_TIMEOUT_MS, TRANSACTION_MS_MAX } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import { PrismaClient } from "./generated/client";
import { sqliteAdapterFactory } from "./sqlite-adapter";
import { isBusy, openSqliteHandle, type SqliteHandle } from "./sqlite-handle";

/**
 * What a verb works with: Prisma, and the handle for the hot statements of `sql/`. Both stand in the same
 * transaction, or, when it was made by `reading`, in none and must not write.
 */
export type Tx = { prisma: PrismaClient; handle: SqliteHandle };

export type Database = {
  /**
   * Runs `work` alone among this process's writes, in one transaction that is committed when it resolves and
   * rolled back when it rejects. It holds the database's only write lock: no network call, under 50 ms.
   */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads what is committed, on a handle of its own that refuses to write. Never waits for a transaction. */
  reading<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

export const DATABASE_FILE = "sluice.db";

/** How often a process that waits asks for the write lock. The event loop is free in between. */
const LOCK_ASKED_EVERY_MS = 2;
/**
 * SQLite gives the lock to whoever asks first, and the process that has just let go is always first. So one that
 * has written without a break for this long leaves a gap, wide enough for another process to ask in.
 */
const UNBROKEN_MS_MAX = 50;
const GAP_MS = 5;

export function openDatabase(args: { dataDir: string; log: Logger }): Database {
  mkdirSync(args.dataDir, { recursive: true, mode: 0o700 });
  const file = path.join(args.dataDir, DATABASE_FILE);
  const writer = openSide(file);
  const reader = openSide(file);
  reader.handle.exec("PRAGMA query_only = ON");
  // The writer asks again by itself; waiting inside the call would stop the event loop.
  writer.handle.exec("PRAGMA busy_timeout = 0");

  const { leaveGap, letGo } = gapKeeper();
  let tail: Promise<unknown> = Promise.resolve();
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const turn = tail.then(leaveGap).then(() => runTransaction(writer, work, args.log));
    tail = turn.then(letGo, letGo);
    return turn;
  };

  return {
    transaction,
    reading: (work) => work(reader),
    close: async () => {
      await tail;
      for (const side of [writer, reader]) {
        await side.prisma.$disconnect();
        side.handle.close();
      }
    },
  };
}

function openSide(file: string): Tx {
  const handle = openSqliteHandle(file);
  return { handle, prisma: new PrismaClient({ adapter: sqliteAdapterFactory(handle) }) };
}

async function runTransaction<T>(tx: Tx, work: (tx: Tx) => Promise<T>, log: Logger): Promise<T> {
  await begin(tx.handle);
  const startedAt = performance.now();
  try {
    const result = await work(tx);
    tx.handle.exec("COMMIT");
    return result;
  } catch (thrown) {
    undo(tx.handle);
    throw thrown;
  } finally {
    const tookMs = Math.round(performance.now() - startedAt);
    if (tookMs > TRANSACTION_MS_MAX) log.debug({ tookMs }, "a transaction took longer than it should");
  }
}

/** SQLite has undone the transaction by itself where the disk was full; then there is nothing left to undo. */
function undo(handle: SqliteHandle): void {
  if (handle.inTransaction) handle.exec("ROLLBACK");
}

/**
 * Takes the write lock at once. A plain BEGIN takes it at the first write, and SQLite then refuses, whatever the
 * busy timeout, when another process has written since the first read.
 */
async function begin(handle: SqliteHandle): Promise<void> {
  const until = performance.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      handle.exec("BEGIN IMMEDIATE");
      return;
    } catch (thrown) {
      if (!isBusy(thrown) || performance.now() > until) throw thrown;
      await pause(LOCK_ASKED_EVERY_MS);
    }
  }
}

/** Makes the pause before a transaction: none, or a gap when this process has not let go for too long. */
function gapKeeper(): { leaveGap: () => Promise<void>; letGo: () => void } {
  let unbrokenSince = 0;
  let letGoAt = 0;
  return {
    leaveGap: async () => {
      const now = performance.now();
      const isUnbroken = now - letGoAt < GAP_MS;
      if (isUnbroken && now - unbrokenSince < UNBROKEN_MS_MAX) return;
      if (isUnbroken) await pause(GAP_MS);
      unbrokenSince = performance.now();
    },
    letGo: () => {
      letGoAt = performance.now();
    },
  };
}
