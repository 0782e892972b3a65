import Database from "libsql";
import { BUSY_TIMEOUT_MS, STATEMENT_KEPT_CHARS_MAX, STATEMENTS_KEPT_MAX } from "@/lib/core/limits";

export type SqliteHandle = InstanceType<typeof Database>;
export type SqliteStatement = Database.Statement<unknown[]>;

/** SQLite waits this long inside the call, on the event loop; longer waits belong to the transaction's retries. */
const BLOCKING_WAIT_MS = 20;

/**
 * Opens the database file with the settings that make it durable. They belong to a handle, not to the file, so
 * every handle is opened here.
 */
export function openSqliteHandle(file: string): SqliteHandle {
  const handle = new Database(file);
  // After a crash the first to open replays the log, and whoever opens meanwhile has to wait for it.
  handle.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  handle.exec("PRAGMA journal_mode = WAL");
  handle.exec("PRAGMA synchronous = FULL");
  handle.exec("PRAGMA foreign_keys = ON");
  handle.exec("PRAGMA temp_store = MEMORY");
  handle.exec("PRAGMA cache_size = -16000");
  handle.exec(`PRAGMA busy_timeout = ${BLOCKING_WAIT_MS}`);
  return handle;
}

/** Statements, each prepared once for a handle. How rows are read is a mode of the statement, so each kind has its own. */
function keepPrepared<Prepared>(prepare: (handle: SqliteHandle, sql: string) => Prepared) {
  const prepared = new WeakMap<SqliteHandle, Map<string, Prepared>>();
  return (handle: SqliteHandle, sql: string): Prepared => {
    if (sql.length > STATEMENT_KEPT_CHARS_MAX) return prepare(handle, sql);
    const statements = prepared.get(handle) ?? new Map<string, Prepared>();
    prepared.set(handle, statements);
    const known = statements.get(sql);
    if (known !== undefined) return known;
    if (statements.size >= STATEMENTS_KEPT_MAX) statements.clear();
    const made = prepare(handle, sql);
    statements.set(sql, made);
    return made;
  };
}

/** The statement for this SQL on this handle. Its rows are objects. */
export const prepareOnce = keepPrepared((handle, sql): SqliteStatement => handle.prepare(sql));

/** The same, whose rows are arrays with exact integers; `columns` is null where it gives no rows. */
export const prepareExactOnce = keepPrepared((handle, sql) => {
  const statement: SqliteStatement = handle.prepare(sql);
  if (!statement.reader) return { statement, columns: null };
  return { statement: statement.raw(true).safeIntegers(true), columns: statement.columns() };
});

/** Another process holds the write lock. Nothing was done; the same call may be made again. */
export function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("SQLITE_BUSY");
}
