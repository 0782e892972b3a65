import { SluiceError } from "@/lib/core/errors";
import type { Database, Tx } from "../database";
import { isBusy } from "../sqlite-handle";

export type WriteUntilArgs = {
  database: Database;
  /** Tells the writers apart in the keys they write. */
  name: string;
  seconds: number;
  transactionsMax: number;
};

export type WriteReport = {
  acknowledged: number;
  /** BUSY that reached a caller. */
  busy: number;
  reads: number;
  /** Looks at the database that saw a part of a transaction. */
  halvesSeen: number;
  slowestMs: number;
};

/** Transactions asked for at once: some wait for their turn in this process, one for the other process. */
const AT_ONCE = 3;

/**
 * Writes and reads until the time or the count is over. Each transaction writes one row through Prisma and one by
 * a hot statement, and raises a shared counter that it has locked and read; so rows of both kinds and the counter are always
 * the same number.
 */
export async function writeUntil(args: WriteUntilArgs): Promise<WriteReport> {
  const report: WriteReport = { acknowledged: 0, busy: 0, reads: 0, halvesSeen: 0, slowestMs: 0 };
  const until = performance.now() + args.seconds * 1_000;
  let number = 0;
  let isWriting = true;
  const writer = async () => {
    while (number < args.transactionsMax && performance.now() < until) {
      number++;
      await writeOnce(args, number, report);
    }
  };
  const reader = async () => {
    while (isWriting) {
      report.reads++;
      if (!(await args.database.reading(isWhole))) report.halvesSeen++;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const reading = reader();
  await Promise.all(Array.from({ length: AT_ONCE }, writer));
  isWriting = false;
  await reading;
  return report;
}

async function writeOnce(args: WriteUntilArgs, number: number, report: WriteReport): Promise<void> {
  const startedAt = performance.now();
  try {
    await args.database.transaction((tx) => writeBoth(tx, `${args.name}-${number}`));
    report.acknowledged++;
  } catch (thrown) {
    const cause = thrown instanceof SluiceError ? thrown.cause : thrown;
    if (!isBusy(cause) && !/SocketTimeout|P1008|database is locked/.test(String(cause))) throw thrown;
    report.busy++;
  }
  report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - startedAt));
}

async function writeBoth({ prisma, sql }: Tx, id: string): Promise<void> {
  await sql.run(
    "INSERT INTO setting (key, value, updated_at) VALUES ('counter', '0', 1) ON CONFLICT (key) DO NOTHING",
  );
  const counter = await sql.get<{ value: string }>(
    `SELECT value FROM setting WHERE key = 'counter' ${sql.dialect.locking("FOR UPDATE")}`,
  );
  await prisma.attempt.create({ data: { id, subject: "prisma", at: 1n } });
  // Another turn of the event loop, so that readers have a chance to look in between.
  await new Promise((resolve) => setImmediate(resolve));
  await sql.run("INSERT INTO attempt (id, subject, at) VALUES (?, 'statement', 1)", `${id}-b`);
  const value = String(Number(counter?.value) + 1);
  await prisma.setting.update({ where: { key: "counter" }, data: { value } });
}

/** One statement: `reading` promises what is committed, not one moment for several statements. */
async function isWhole({ sql }: Tx): Promise<boolean> {
  const seen = await sql.get<{ prisma: number; statement: number; counter: number }>(
    `SELECT count(*) FILTER (WHERE subject = 'prisma') AS prisma,
       count(*) FILTER (WHERE subject = 'statement') AS statement,
       (SELECT coalesce(max(CAST(value AS INTEGER)), 0) FROM setting WHERE key = 'counter') AS counter
     FROM attempt`,
  );
  return seen !== undefined && seen.prisma === seen.statement && seen.prisma === seen.counter;
}
