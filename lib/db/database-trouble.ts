/**
 * Codes of errors that say nothing about what was to be written: SQLite's names, and PostgreSQL's classes for a lost
 * connection, conflicts, a lack of room, locks, an operator at work and a damaged system.
 */
const TROUBLE =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|CORRUPT|NOTADB|CANTOPEN|READONLY|NOMEM|PROTOCOL)|(08|25|28|40|53|55|57|58|F0|XX)...$|ECONN|EPIPE|P10|P2034)/;

/** Whether the database is full, busy, damaged or gone, so that it would take nothing else either. */
export function isDatabaseInTrouble(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && TROUBLE.test(String(thrown.code));
}
