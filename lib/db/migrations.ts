import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export type Migration = { name: string; sql: string; checksum: string };

/** In the order in which they are applied. */
export function readMigrations(directory: string): Migration[] {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(directory, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    });
}

/**
 * The migrations that a database lacks; `ledger` has the checksums of those it had, by name. Throws an Error with a
 * sentence for the operator when the database is newer than the program, or when a migration was changed afterwards.
 */
export function pendingOf(known: Migration[], ledger: Map<string, string>): Migration[] {
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
