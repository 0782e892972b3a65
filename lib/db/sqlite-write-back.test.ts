import { mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteDatabase } from "./sqlite-database";
import { openSqliteHandle, type SqliteHandle } from "./sqlite-handle";
import { openWriteBack } from "./sqlite-write-back";

const LOG_BYTES_MAX = 400_000;
const ROW_BYTES = 20_000;

let folder: string;
let file: string;
let handle: SqliteHandle;
let lines: { msg: string; bytes?: number }[];
const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  file = path.join(folder, "test.db");
  lines = [];
  handle = openSqliteHandle(file);
  handle.exec("CREATE TABLE piece (text TEXT)");
});
afterEach(() => {
  handle.close();
  rmSync(folder, { recursive: true, force: true });
});

const TEXT = "x".repeat(ROW_BYTES);
const add = (to: SqliteHandle = handle) => void to.prepare("INSERT INTO piece VALUES (?)").run([TEXT]);
const sizes = () => ({ database: statSync(file).size, log: statSync(`${file}-wal`).size });
const copies = () => lines.filter(({ msg }) => msg.includes("is copied"));

test("the log is copied back when it is due and not before, and never grows beyond what came between", () => {
  const { copyIfDue } = openWriteBack({ file, handle, log, logBytesMax: LOG_BYTES_MAX });
  const before = sizes().database;
  for (let count = 0; count < 10; count++) {
    add();
    copyIfDue();
  }
  expect(sizes().database).toBe(before);
  let longest = 0;
  for (let count = 0; count < 100; count++) {
    add();
    longest = Math.max(longest, sizes().log);
    copyIfDue();
  }
  expect(sizes().database).toBeGreaterThan(50 * ROW_BYTES);
  expect(longest).toBeLessThan(LOG_BYTES_MAX + 2 * ROW_BYTES);
  expect(copies().length).toBeLessThan(10);
});

test("what is still read stays in the log, which is tried now and then, and begins anew when nobody reads it", () => {
  const { copyIfDue } = openWriteBack({ file, handle, log, logBytesMax: LOG_BYTES_MAX });
  const reader = openSqliteHandle(file);
  add();
  reader.exec("BEGIN");
  reader.prepare("SELECT count(*) FROM piece").all([]);
  for (let count = 0; count < 50; count++) {
    add();
    copyIfDue();
  }
  expect(sizes().log).toBeGreaterThan(50 * ROW_BYTES);
  // Once when it was due, then each time that it has grown by a quarter of that.
  expect(copies().length).toBeGreaterThan(2);
  expect(copies().length).toBeLessThan(12);
  expect(reader.prepare("SELECT count(*) AS count FROM piece").all([])).toEqual([{ count: 1 }]);
  reader.exec("COMMIT");
  reader.close();
  for (let count = 0; count < 10; count++) {
    add();
    copyIfDue();
  }
  expect(sizes().log).toBeLessThan(LOG_BYTES_MAX);
});

test("a copy that fails is told, harms nothing, and is tried again", () => {
  const { copyIfDue } = openWriteBack({ file, handle, log, logBytesMax: ROW_BYTES });
  handle.exec("BEGIN");
  add();
  add();
  handle.exec("COMMIT; BEGIN");
  add();
  // Inside a transaction SQLite refuses it.
  copyIfDue();
  expect(lines).toMatchObject([{ msg: expect.stringContaining("could not be copied back") }]);
  handle.exec("COMMIT");
  copyIfDue();
  expect(copies()).toHaveLength(1);
  expect(handle.prepare("SELECT count(*) AS count FROM piece").all([])).toEqual([{ count: 3 }]);
});

test("a database copies its log between its transactions", async () => {
  const database = openSqliteDatabase({ file, log, durability: "full", logBytesMax: LOG_BYTES_MAX });
  for (let count = 0; count < 60; count++) {
    await database.transaction(({ sql }) => sql.run("INSERT INTO piece VALUES (?)", TEXT));
    expect(sizes().log).toBeLessThan(LOG_BYTES_MAX + 2 * ROW_BYTES);
  }
  expect(copies().length).toBeGreaterThan(1);
  await database.close();
});
