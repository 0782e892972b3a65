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
const CONTENT_LAST_MIGRATION = "20261203000000_content_last";

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

const REWRITTEN = ["document", "document_tag", "deleted_document"];
const ANY_VALUES = `
  INSERT INTO document (serial, id, connection_id, object_key, origin, custom_id, title, type, status, content, summary,
    content_hash, url, metadata, source_etag, size_bytes, source_modified, extractor_version, chunk_count, is_cut,
    stale_since, error, created_at, updated_at, chunk_version) VALUES
    (9007199254740993, 'whole', 'c', 'a/' || char(10, 1) || 'ключ', 'https://s3.example.com/b', 's3://b/k', '🐦 文', 'pdf',
      'done', replace(hex(zeroblob(100000)), '00', 'wörd '), 'short', 'hash', 's3://b/k', '{"a":{"b":[1,null]}}',
      'W/"e"', 9007199254740993, -1, 3, 2, true, 5, 'It is broken.', 6, 7, 4),
    (1, 'bare', NULL, NULL, NULL, NULL, NULL, 'text', 'queued', NULL, NULL, NULL, NULL, '{}', NULL, NULL, NULL, 0, 0,
      false, NULL, NULL, 0, 0, 0),
    (7, 'empty', '', '', '', '', '', '', '', '', '', '', '', '', '', 0, 0, 0, 0, false, 0, '', 0, 0, 0),
    (3, 'odd', 'c', CAST(x'61FF62' AS TEXT), 'o', 'd', 'a' || char(0) || 'b', 'text', 'failed', 'x' || char(0) || 'y',
      zeroblob(3), 1.5, 'u', '[]', '"e"', '12 bytes', 1.5, 1, 1, 2, NULL, NULL, 1, 1, 1);
  INSERT INTO document_tag (document_serial, tag) VALUES (9007199254740993, 'two'), (9007199254740993, 'one'), (3, 'one');
  INSERT INTO deleted_document (document_id, connection_id, seen_etag, seen_modified) VALUES
    ('whole', 'c', '"e"', 9007199254740993), ('bare', '', NULL, NULL);
  INSERT INTO chunk (id, document_serial, version, position, content) VALUES (2, 3, 1, 0, 'heron');
  INSERT INTO hidden_chunks (document_serial, version, phase) VALUES (3, 2, 'staged')`;

/** Columns of these tables by name, their indexes and what they refer to; but the order of columns. */
const SHAPE_OF_REWRITTEN = REWRITTEN.map(
  (table) => `
    SELECT '${table} ' || name || ' ' || type || "notnull" || coalesce(dflt_value, '-') || pk AS line
      FROM pragma_table_info('${table}')
    UNION ALL SELECT '${table} ' || "from" || ' ' || "table" || '.' || "to" || on_update || on_delete
      FROM pragma_foreign_key_list('${table}')
    UNION ALL SELECT type || ' ' || name || ' ' || sql FROM sqlite_master WHERE tbl_name = '${table}' AND type <> 'table'`,
).join(" UNION ALL ");

const linesOf = (opened: SqliteHandle, query: string) =>
  (opened.prepare(query).all() as { line: string }[]).map(({ line }) => line);
const columnsOf = (opened: SqliteHandle, table: string) =>
  linesOf(opened, `SELECT name AS line FROM pragma_table_info('${table}')`);

/** Every value of these tables with its kind, byte by byte. */
const rowsOfRewritten = (opened: SqliteHandle) =>
  REWRITTEN.flatMap((table) => {
    const values = columnsOf(opened, table)
      .sort()
      .map((name) => `'${name} ' || typeof("${name}") || ' ' || hex("${name}")`);
    return linesOf(opened, `SELECT ${values.join(" || ', ' || ")} AS line FROM ${table} ORDER BY 1`);
  });

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

  test("puts the text of documents last and keeps every value of every row, every index and what leads to them", () => {
    const filled = openFormer(CONTENT_LAST_MIGRATION);
    filled.exec(ANY_VALUES);
    const rows = rowsOfRewritten(filled);
    const shape = linesOf(filled, SHAPE_OF_REWRITTEN).sort();
    expect(rows).toHaveLength(9);
    expect(migrateSqlite(filled, MIGRATIONS, 1).applied).toContain(CONTENT_LAST_MIGRATION);
    expect(columnsOf(filled, "document").at(-1)).toBe("content");
    expect(rowsOfRewritten(filled)).toEqual(rows);
    expect(linesOf(filled, SHAPE_OF_REWRITTEN).sort()).toEqual(shape);
    expect(linesOf(filled, `SELECT name AS line FROM sqlite_master WHERE name LIKE '%former%'`)).toEqual([]);
    expect(filled.prepare("PRAGMA foreign_key_check").all()).toEqual([]);
    expect(filled.prepare("PRAGMA integrity_check").get()).toMatchObject({ integrity_check: "ok" });
    expect(() => filled.exec(`INSERT INTO document_tag VALUES (2, 'of none')`)).toThrow("FOREIGN KEY");
    expect(() => filled.exec(`UPDATE document SET id = 'bare' WHERE id = 'odd'`)).toThrow("UNIQUE");
    filled.exec(`DELETE FROM document WHERE id = 'whole'`);
    expect(filled.prepare(LEFT_OF_IT).get()).toMatchObject({ tags: 1, chunks: 1, deleted: 1 });
    filled.close();
  });

  test("where there is no room says so, and leaves the database as it was", () => {
    const filled = openFormer(CONTENT_LAST_MIGRATION);
    filled.exec(ANY_VALUES);
    const rows = rowsOfRewritten(filled);
    const { page_count: pages } = filled.prepare("PRAGMA page_count").get() as { page_count: number };
    filled.exec(`PRAGMA max_page_count = ${pages + 100}`);
    expect(() => migrateSqlite(filled, MIGRATIONS, 1)).toThrow("no room on the disk");
    expect(rowsOfRewritten(filled)).toEqual(rows);
    filled.exec(`PRAGMA max_page_count = ${pages * 3}`);
    expect(migrateSqlite(filled, MIGRATIONS, 1).applied).toContain(CONTENT_LAST_MIGRATION);
    expect(rowsOfRewritten(filled)).toEqual(rows);
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
