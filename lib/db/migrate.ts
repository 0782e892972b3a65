import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { newId } from "@/lib/core/ids";
import { BUSY_TIMEOUT_MS } from "@/lib/core/limits";
import type { SqliteHandle } from "./sqlite-handle";

type Migration = { name: string; sql: string; checksum: string };

/**
 * Brings the database up to this program's schema. Keeps Prisma's own table (`_prisma_migrations`), so Prisma's
 * commands agree with what they find.
 *
 * Throws an Error with a sentence for the operator when the database is newer than the program, or when a
 * migration that it has was changed afterwards. Each migration is one transaction.
 */
export function migrate(handle: SqliteHandle, directory: string, now: number): { applied: string[] } {
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
    handle.exec("ROLLBACK");
    throw thrown;
  }
}

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

function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

function readLedger(handle: SqliteHandle): Map<string, string> {
  const rows = handle.prepare("select migration_name, checksum from _prisma_migrations").all() as {
    migration_name: string;
    checksum: string;
  }[];
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

function pendingOf(known: Migration[], ledger: Map<string, string>): Migration[] {
  const names = new Set(known.map((migration) => migration.name));
  const newer = [...ledger.keys()].filter((name) => !names.has(name));
  if (newer.length > 0) {
    throw new Error(
      `The database was written by a newer Sluice (it has ${newer.join(", ")}). Start that version, or restore a backup made by this one.`,
    );
  }
  for (const migration of known) {
    const applied = ledger.get(migration.name);
    if (applied !== undefined && applied !== migration.checksum) {
      throw new Error(`The migration ${migration.name} was changed after this database applied it.`);
    }
  }
  return known.filter((migration) => !ledger.has(migration.name));
}
