import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { DATABASE_FILE, type Database, type DatabasePlace, openDatabase } from "../database";
import { migrateSqlite } from "../migrate-sqlite";
import { openSqliteHandle } from "../sqlite-handle";
import { temporaryPostgres } from "./temporary-postgres";

export type TemporaryDatabase = {
  database: Database;
  /** Where it is, for other processes; they may open it once `database` has answered. */
  place: DatabasePlace;
  dataDir: string;
  remove: () => Promise<void>;
};

/**
 * A migrated database of a test's own, in a folder that `remove` deletes; on the server that
 * `SLUICE_TEST_DATABASE_URL` names, when there is one.
 */
export function temporaryDatabase(): TemporaryDatabase {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const server = process.env.SLUICE_TEST_DATABASE_URL;
  const opened = server ? temporaryPostgres(server, dataDir) : temporaryFile(dataDir);
  return {
    ...opened,
    dataDir,
    remove: async () => {
      await opened.remove();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function temporaryFile(dataDir: string): Omit<TemporaryDatabase, "dataDir"> {
  writeFileSync(path.join(dataDir, DATABASE_FILE), migratedFile());
  const place = { databaseUrl: null, dataDir };
  // A power cut takes the test with its database, so neither waits for the disk.
  const database = openDatabase({ ...place, log: pino({ level: "silent" }), durability: "replayable" });
  return { database, place, remove: () => database.close() };
}

let migrated: Buffer | null = null;

/** Migrating takes longer than most tests, so each process does it once and copies the file. */
function migratedFile(): Buffer {
  if (migrated !== null) return migrated;
  const folder = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const file = path.join(folder, DATABASE_FILE);
  const handle = openSqliteHandle(file);
  migrateSqlite(handle, path.resolve("prisma/migrations"), 0);
  handle.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  handle.close();
  migrated = readFileSync(file);
  rmSync(folder, { recursive: true });
  return migrated;
}
