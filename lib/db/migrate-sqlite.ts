import { newId } from "@/lib/core/ids";
import { BUSY_TIMEOUT_MS } from "@/lib/core/limits";
import { databaseCodeOf } from "./database-trouble";
import { pendingOf, readMigrations } from "./migrations";
import type { SqliteHandle } from "./sqlite-handle";

/** The same as `migrateDatabase`, for a file that is open. All that is pending is one transaction. */
export function migrateSqlite(handle: SqliteHandle, directory: string, now: number): { applied: string[] } {
  // A worker may be writing: wait for the lock inside the call, there is nothing else to do.
  handle.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  handle.exec(LEDGER);
  handle.exec("BEGIN IMMEDIATE");
  try {
    const known = readMigrations(directory);
    const pending = pendingOf(known, readLedger(handle));
    for (const migration of pending) {
      handle.exec(migration.sql);
      handle
        .prepare(
          "insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count) values (?, ?, ?, ?, ?, 1)",
        )
        .run(newId(), migration.checksum, migration.name, now, now);
    }
    handle.exec("COMMIT");
    return { applied: pending.map((migration) => migration.name) };
  } catch (thrown) {
    // SQLite has undone all of it by itself where there was no room.
    if (handle.inTransaction) handle.exec("ROLLBACK");
    throw databaseCodeOf(thrown) === "SQLITE_FULL" ? new Error(NO_ROOM, { cause: thrown }) : thrown;
  }
}

/** What is written anew goes into the log first, and then stands beside what was there until that is overwritten. */
const NO_ROOM =
  "SLUICE_DATA_DIR: there is no room on the disk to bring the database up to this version, which may take twice the size of the database file. Nothing is changed; make room, then start again.";

const LEDGER = `create table if not exists _prisma_migrations (
  id text primary key not null,
  checksum text not null,
  finished_at datetime,
  migration_name text not null,
  logs text,
  rolled_back_at datetime,
  started_at datetime not null default current_timestamp,
  applied_steps_count integer unsigned not null default 0
)`;

function readLedger(handle: SqliteHandle): Map<string, string> {
  const rows = handle.prepare("select migration_name, checksum from _prisma_migrations").all() as {
    migration_name: string;
    checksum: string;
  }[];
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}
