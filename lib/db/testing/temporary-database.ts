import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { DATABASE_FILE, type Database, openDatabase } from "../database";
import { migrate } from "../migrate";
import { openSqliteHandle } from "../sqlite-handle";

/** A migrated database of a test's own, in a folder that `remove` deletes. */
export function temporaryDatabase(): { database: Database; dataDir: string; remove: () => Promise<void> } {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  writeFileSync(path.join(dataDir, DATABASE_FILE), migratedFile());
  const database = openDatabase({ dataDir, log: pino({ level: "silent" }) });
  return {
    database,
    dataDir,
    remove: async () => {
      await database.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let migrated: Buffer | null = null;

/** Migrating takes longer than most tests, so each process does it once and copies the file. */
function migratedFile(): Buffer {
  if (migrated !== null) return migrated;
  const folder = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const file = path.join(folder, DATABASE_FILE);
  const handle = openSqliteHandle(file);
  migrate(handle, path.resolve("prisma/migrations"), 0);
  handle.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  handle.close();
  migrated = readFileSync(file);
  rmSync(folder, { recursive: true });
  return migrated;
}
