import { setTimeout as pause } from "node:timers/promises";
import { SluiceError } from "@/lib/core/errors";
import { BUSY_TIMEOUT_MS } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { Database, Tx } from "./database";
import { tellDiskFull } from "./database-trouble";
import { PrismaClient } from "./generated/sqlite/client";
import { sqliteAdapterFactory } from "./sqlite-adapter";
import { isBusy, openSqliteHandle, type SqliteHandle } from "./sqlite-handle";
import { sqliteSession } from "./sqlite-session";
import { openWriteBack } from "./sqlite-write-back";
import { openTransactionTimes, type TransactionTimes } from "./transaction-times";

/** How often a process that waits asks for the write lock. The event loop is free in between. */
const LOCK_ASKED_EVERY_MS = 2;
/**
 * SQLite gives the lock to whoever asks first, and the process that has just let go is always first. So one that
 * has written without a break for this long leaves a gap, wide enough for another process to ask in.
 */
const UNBROKEN_MS_MAX = 50;
const GAP_MS = 5;

/**
 * What a power cut may take. Neither way does it damage the file, and the end of a process takes nothing.
 *
 *   full         nothing that is committed
 *   replayable   the last transactions, whose work is then done once more; they do not wait for the disk
 */
export type Durability = "full" | "replayable";

/** One handle writes, one transaction after the other, and one reads. */
export function openSqliteDatabase(args: {
  file: string;
  log: Logger;
  durability: Durability;
  /** How long a transaction waits for another process to end its own. */
  lockWaitMs?: number;
  /** Of the log, from which on it is copied back. */
  logBytesMax?: number;
}): Database {
  const writer = openSide(args.file, { isWriter: true });
  const reader = openSide(args.file, { isWriter: false });
  if (args.durability === "replayable") writer.handle.exec("PRAGMA synchronous = NORMAL");
  reader.handle.exec("PRAGMA query_only = ON");
  // The writer asks again by itself; waiting inside the call would stop the event loop.
  writer.handle.exec("PRAGMA busy_timeout = 0");

  const { lockWaitMs = BUSY_TIMEOUT_MS } = args;
  const { leaveGap, letGo } = gapKeeper();
  const times = openTransactionTimes(args.log);
  const { copyIfDue } = openWriteBack({ ...args, handle: writer.handle });
  // Prisma takes longer to get ready than a transaction may be open.
  let tail: Promise<unknown> = writer.tx.prisma.$connect();
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const turn = tail.then(leaveGap).then(() => runTransaction(writer, work, { times, lockWaitMs }));
    tail = turn.then(letGo, letGo).then(copyIfDue);
    return turn;
  };

  return {
    transaction,
    reading: (work) => work(reader.tx),
    close: async () => {
      await tail;
      for (const side of [writer, reader]) {
        await side.tx.prisma.$disconnect();
        side.handle.close();
      }
      times.tell();
    },
  };
}

type Side = { handle: SqliteHandle; tx: Tx };

function openSide(file: string, use: { isWriter: boolean }): Side {
  const handle = openSqliteHandle(file);
  const prisma = new PrismaClient({ adapter: sqliteAdapterFactory(handle) });
  return { handle, tx: { prisma, sql: sqliteSession(handle, use) } };
}

async function runTransaction<T>(
  side: Side,
  work: (tx: Tx) => Promise<T>,
  { times, lockWaitMs }: { times: TransactionTimes; lockWaitMs: number },
): Promise<T> {
  await begin(side.handle, lockWaitMs);
  const startedAt = performance.now();
  try {
    const result = await work(side.tx);
    side.handle.exec("COMMIT");
    return result;
  } catch (thrown) {
    undo(side.handle);
    throw tellDiskFull(thrown);
  } finally {
    times.add(startedAt);
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
async function begin(handle: SqliteHandle, lockWaitMs: number): Promise<void> {
  const until = performance.now() + lockWaitMs;
  for (;;) {
    try {
      handle.exec("BEGIN IMMEDIATE");
      return;
    } catch (thrown) {
      if (!isBusy(thrown)) throw thrown;
      if (performance.now() > until) throw stillLocked(thrown);
      await pause(LOCK_ASKED_EVERY_MS);
    }
  }
}

/** Whoever works on something goes on with it later: nothing was done, and the lock is free again some time. */
function stillLocked(cause: unknown): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message:
      "Another process has kept the database to itself for too long; Sluice goes on as soon as it lets go.",
    cause,
  });
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
