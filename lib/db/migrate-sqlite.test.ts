import { cpSync, readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DATABASE_FILE } from "./database";
import { migrateSqlite } from "./migrate-sqlite";
import { openSqliteHandle, type SqliteHandle } from "./sqlite-handle";
import {
  DOCUMENT_LINES,
  DOCUMENTS_NOW,
  DROP_ONE,
  FORMER_DOCUMENTS,
  LEFT_OF_IT,
  SERIALS_MIGRATION,
} from "./testing/former-documents";
import { temporaryDatabase } from "./testing/temporary-database";

const MIGRATIONS = path.resolve("prisma/migrations");

let handle: SqliteHandle;
let dataDir: string;
let remove: () => Promise<void>;
beforeEach(() => {
  const made = temporaryDatabase();
  ({ dataDir, remove } = made);
  handle = openSqliteHandle(path.join(made.dataDir, DATABASE_FILE));
});
afterEach(async () => {
  handle.close();
  await remove();
});

/** An empty database as it was before this migration. */
function openFormer(before: string): SqliteHandle {
  const former = path.join(dataDir, "former");
  for (const name of readdirSync(MIGRATIONS).filter((found) => found < before)) {
    cpSync(path.join(MIGRATIONS, name), path.join(former, name), { recursive: true });
  }
  const opened = openSqliteHandle(":memory:");
  migrateSqlite(opened, former, 1);
  return opened;
}

describe("migrating", () => {
  test("a database that is up to date changes nothing", () => {
    expect(migrateSqlite(handle, MIGRATIONS, 1)).toEqual({ applied: [] });
  });

  test("finds the objects of a filled database by their outcome, each once", () => {
    const filled = openFormer("20261125000000_outcome_index");
    filled.exec(
      `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, outcome) VALUES
         ('c', 'a', 'e', 1, 1, '', 'stored'), ('c', 'b', 'e', 1, 1, '', 'failed'), ('c', 'd', 'e', 1, 1, '', 'queued'),
         ('c', 'e', 'e', 1, 1, '', 'over_limit'), ('c', 'f', 'e', 1, 1, '', 'skipped'), ('x', 'b', 'e', 1, 1, '', 'failed')`,
    );
    migrateSqlite(filled, MIGRATIONS, 1);
    const found = (outcome: string) =>
      filled
        .prepare(
          `SELECT key FROM object INDEXED BY object_failed_or_over_limit
           WHERE connection_id = 'c' AND outcome = '${outcome}' ORDER BY key`,
        )
        .all() as { key: string }[];
    expect(found("failed").map(({ key }) => key)).toEqual(["b"]);
    expect(found("over_limit").map(({ key }) => key)).toEqual(["e"]);
    expect(() => found("stored")).toThrow("no query solution");
    expect(filled.prepare("SELECT count(*) AS count FROM object").get()).toMatchObject({ count: 6 });
    expect(filled.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
    filled.close();
  });

  test("keeps all that belongs to a document when documents are numbered and chunks get a version", () => {
    const filled = openFormer(SERIALS_MIGRATION);
    filled.exec(FORMER_DOCUMENTS);
    filled.exec(
      `INSERT INTO chunk_index (rowid, title, body) VALUES (5, '', 'alpha'), (6, '', 'beta'), (7, '', 'zeta')`,
    );
    migrateSqlite(filled, MIGRATIONS, 1);
    const lines = filled.prepare(DOCUMENTS_NOW).all() as { line: string }[];
    expect(lines.map(({ line }) => line)).toEqual(DOCUMENT_LINES);
    const match = `SELECT c.content FROM chunk_index i JOIN chunk c ON c.id = i.rowid WHERE i.chunk_index MATCH 'beta'`;
    expect(filled.prepare(match).all()).toEqual([{ content: "beta" }]);
    expect(filled.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    filled.exec(DROP_ONE);
    expect(filled.prepare(LEFT_OF_IT).get()).toMatchObject({ tags: 1, chunks: 3, deleted: 1 });
    filled.close();
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
