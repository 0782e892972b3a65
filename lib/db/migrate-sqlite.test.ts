import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DATABASE_FILE } from "./database";
import { migrateSqlite } from "./migrate-sqlite";
import { openSqliteHandle, type SqliteHandle } from "./sqlite-handle";
import { temporaryDatabase } from "./testing/temporary-database";

const MIGRATIONS = path.resolve("prisma/migrations");

let handle: SqliteHandle;
let remove: () => Promise<void>;
beforeEach(() => {
  const made = temporaryDatabase();
  remove = made.remove;
  handle = openSqliteHandle(path.join(made.dataDir, DATABASE_FILE));
});
afterEach(async () => {
  handle.close();
  await remove();
});

describe("migrating", () => {
  test("a database that is up to date changes nothing", () => {
    expect(migrateSqlite(handle, MIGRATIONS, 1)).toEqual({ applied: [] });
  });

  test("waits for the lock of a process that is writing, so that commands may run beside it", () => {
    migrateSqlite(handle, MIGRATIONS, 1);
    expect(handle.prepare("PRAGMA busy_timeout").get()).toMatchObject({ timeout: 5_000 });
  });

  test("an older program refuses a newer database by the migration's name", () => {
    handle.exec(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('x', 'y', '29990101000000_later')`,
    );
    expect(() => migrateSqlite(handle, MIGRATIONS, 1)).toThrow(/newer Sluice.*29990101000000_later/);
  });

  test("a migration that was changed after it was applied is refused", () => {
    handle.exec(`UPDATE _prisma_migrations SET checksum = 'another'`);
    expect(() => migrateSqlite(handle, MIGRATIONS, 1)).toThrow("was changed after");
  });
});
