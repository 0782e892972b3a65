import { z } from "zod";
import { SluiceError } from "@/lib/core/errors";

/**
 * Codes of errors that say nothing about what was to be written: SQLite's names, and PostgreSQL's classes for a lost
 * connection, conflicts, a lack of room, locks, an operator at work and a damaged system.
 */
const TROUBLE =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|NOMEM|PROTOCOL)|(08|25|28|40|53|55|57|58|F0|XX)...$|ECONN|EPIPE|P10|P2034)/;

/** Whether the database is full, busy, damaged or gone, so that it would take nothing else either. */
export function isDatabaseInTrouble(thrown: unknown): boolean {
  return TROUBLE.test(databaseCodeOf(thrown));
}

/** Prisma's codes for what it has no code of its own for: a statement of ours, and one of its own. */
const UNNAMED = new Set(["P2010", "P2039"]);

const withOrigin = z.object({
  meta: z.object({ driverAdapterError: z.object({ cause: z.object({ originalCode: z.string() }) }) }),
});

/** The database's code, or Prisma's where it has one for it; "" for what has none. */
export function databaseCodeOf(thrown: unknown): string {
  if (!(thrown instanceof Error && "code" in thrown)) return "";
  const code = String(thrown.code);
  const origin = UNNAMED.has(code) ? withOrigin.safeParse(thrown).data : undefined;
  return origin?.meta.driverAdapterError.cause.originalCode ?? code;
}

/** What a person can do something about is said in place of the database's words for it. */
export function tellDiskFull(thrown: unknown): unknown {
  if (!/^(SQLITE_FULL|53100$)/.test(databaseCodeOf(thrown))) return thrown;
  return new SluiceError({
    code: "internal",
    effect: "stop",
    message:
      "The disk that holds Sluice's data is full. Nothing stored is lost; make room on it, then sync again.",
    cause: thrown,
  });
}
