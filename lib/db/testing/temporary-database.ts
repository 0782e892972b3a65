import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { DATABASE_FILE, type Database, openDatabase } from "../database";
import { migrate } from "../migrate";
import { openSqliteHandle } from "../sqlite-handle";

/** A migrated database of a test's own, in a folder that `remove` deletes. */
export function temporaryDatabase(): { database: Database; dataDir: string; remove: () => Promise<void> } {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const handle = openSqliteHandle(path.join(dataDir, DATABASE_FILE));
  migrate(handle, path.resolve("prisma/migrations"), 0);
  handle.close();
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
