import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Database, DatabasePlace } from "../database";
import { lendFile } from "./reused-file";
import { temporaryPostgres } from "./temporary-postgres";

export type TemporaryDatabase = {
  database: Database;
  /** Where it is, for other processes; they may open it once `database` has answered. */
  place: DatabasePlace;
  dataDir: string;
  remove: () => Promise<void>;
};

/**
 * A migrated database of a test's own, without a row, in a folder that is empty beside it, until `remove`; on the server
 * that `SLUICE_TEST_DATABASE_URL` names, when there is one.
 */
export function temporaryDatabase(): TemporaryDatabase {
  const server = process.env.SLUICE_TEST_DATABASE_URL;
  return server ? onServer(server) : inFile();
}

function onServer(server: string): TemporaryDatabase {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const opened = temporaryPostgres(server, dataDir);
  const remove = async () => {
    await opened.remove();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { ...opened, dataDir, remove };
}

function inFile(): TemporaryDatabase {
  const { dataDir, database, giveBack } = lendFile();
  return { database, dataDir, place: { databaseUrl: null, dataDir }, remove: giveBack };
}
