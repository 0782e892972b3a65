import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pino from "pino";
import { DATABASE_FILE, type Database, openDatabase, type Tx } from "../database";
import { migrateSqlite } from "../migrate-sqlite";
import { openSqliteHandle } from "../sqlite-handle";

/** A database with its folder. One test has it at a time. */
type Kept = { dataDir: string; database: Database; state: string };

/** What a test has of it, until it gives it back. */
export type Lent = { dataDir: string; database: Database; giveBack: () => Promise<void> };

/** They stay until the tests of all files are over, and go with the folder of `folder-setup.ts`. */
const free: Kept[] = [];

/**
 * A migrated database in a file, without a row. A new one has to learn every query anew, which takes longer than most
 * tests; so one that is given back is emptied and lent again, unless it was closed, or a test has changed more than its
 * rows.
 */
export function lendFile(): Lent {
  const kept = free.pop() ?? openNew();
  const { database, dataDir } = kept;
  const underWay = new Set<Promise<unknown>>();
  let isOver = false;
  let isClosed = false;
  const transaction: Database["transaction"] = (work) => {
    if (isOver) return Promise.reject(new Error("The database is closed."));
    const turn = database.transaction(work);
    const ended = turn.then(noop, noop).then(() => void underWay.delete(ended));
    underWay.add(ended);
    return turn;
  };
  const reading: Database["reading"] = (work) =>
    isOver ? Promise.reject(new Error("The database is closed.")) : database.reading(work);
  const close = async () => {
    isOver = true;
    if (!isClosed) await database.close();
    isClosed = true;
  };
  const giveBack = async () => {
    isOver = true;
    await Promise.all(underWay);
    const isEmpty = !isClosed && (await empty(kept).catch(() => false));
    if (isEmpty) return void free.push(kept);
    await close();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { dataDir, database: { transaction, reading, close }, giveBack };
}

const noop = () => {};

function openNew(): Kept {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const { bytes, state } = migratedFile();
  writeFileSync(path.join(dataDir, DATABASE_FILE), bytes);
  // A power cut takes the test with its database, so neither waits for the disk.
  const log = pino({ level: "silent" });
  return {
    dataDir,
    state,
    database: openDatabase({ databaseUrl: null, dataDir, log, durability: "replayable" }),
  };
}

let migrated: { bytes: Buffer; state: string } | null = null;

/** Migrating takes long as well, so each process does it once and copies the file. */
function migratedFile(): { bytes: Buffer; state: string } {
  if (migrated !== null) return migrated;
  const folder = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  const file = path.join(folder, DATABASE_FILE);
  const handle = openSqliteHandle(file);
  migrateSqlite(handle, path.resolve("prisma/migrations"), 0);
  const lines = handle.prepare(STATE).all() as { line: string }[];
  const state = JSON.stringify(lines.map(({ line }) => line));
  handle.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  handle.close();
  migrated = { bytes: readFileSync(file), state };
  rmSync(folder, { recursive: true });
  return migrated;
}

/** Everything that is not a row of the product: tables, indexes and what was migrated. */
const STATE = `SELECT coalesce(sql, name) AS line FROM sqlite_master
  UNION ALL SELECT migration_name || checksum FROM _prisma_migrations ORDER BY 1`;

/** False when it cannot be lent again. */
async function empty({ dataDir, database, state }: Kept): Promise<boolean> {
  const file = path.join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) return false;
  for (const name of readdirSync(dataDir))
    if (!name.startsWith(DATABASE_FILE)) rmSync(path.join(dataDir, name), { recursive: true });
  return database.transaction(async (tx) => {
    const lines = await tx.sql.all<{ line: string }>(STATE);
    if (JSON.stringify(lines.map(({ line }) => line)) !== state) return false;
    await deleteRows(tx);
    return true;
  });
}

async function deleteRows({ sql }: Tx): Promise<void> {
  await sql.run("PRAGMA defer_foreign_keys = ON");
  await sql.run("INSERT INTO chunk_index (chunk_index) VALUES ('delete-all')");
  const tables = await sql.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'chunk_index%'
       AND name NOT LIKE 'sqlite_%' AND name <> '_prisma_migrations'`,
  );
  for (const { name } of tables) await sql.run(`DELETE FROM "${name}"`);
}
