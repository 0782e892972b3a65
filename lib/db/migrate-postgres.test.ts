import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/ids";
import { migratePostgres } from "./migrate-postgres";
import {
  DOCUMENT_LINES,
  DOCUMENTS_NOW,
  DROP_ONE,
  FORMER_DOCUMENTS,
  LEFT_OF_IT,
  SERIALS_MIGRATION,
} from "./testing/former-documents";
import { urlOf } from "./testing/temporary-postgres";

const MIGRATIONS = path.resolve("prisma/postgres/migrations");
const SERVER = process.env.SLUICE_TEST_DATABASE_URL ?? "";

let name: string;
let url: string;
let folder: string;

const ask = async (connectionString: string, text: string) => {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client.query(text).finally(() => client.end());
};

beforeEach(async () => {
  name = `sluice_test_${newId().toLowerCase()}`;
  url = urlOf(SERVER, name);
  folder = mkdtempSync(path.join(os.tmpdir(), "sluice-test-"));
  await ask(SERVER, `CREATE DATABASE "${name}"`);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await ask(SERVER, `DROP DATABASE "${name}" WITH (FORCE)`);
});

const migration = (called: string, sql: string) => {
  mkdirSync(path.join(folder, called), { recursive: true });
  writeFileSync(path.join(folder, called, "migration.sql"), sql);
};

describe("migrating a PostgreSQL", () => {
  test("applies what is pending, once, and writes it down as Prisma does", async () => {
    expect((await migratePostgres(url, MIGRATIONS, 1)).applied).toContain("20261124000000_first");
    expect(await migratePostgres(url, MIGRATIONS, 1)).toEqual({ applied: [] });
    const { rows } = await ask(
      url,
      "SELECT migration_name, length(checksum) AS length FROM _prisma_migrations WHERE finished_at IS NOT NULL",
    );
    expect(rows).toContainEqual({ migration_name: "20261124000000_first", length: 64 });
  });

  test("keeps all that belongs to a document when documents are numbered and chunks get a version", async () => {
    for (const former of readdirSync(MIGRATIONS).filter((found) => found < SERIALS_MIGRATION)) {
      cpSync(path.join(MIGRATIONS, former), path.join(folder, former), { recursive: true });
    }
    await migratePostgres(url, folder, 1);
    await ask(url, FORMER_DOCUMENTS);
    await migratePostgres(url, MIGRATIONS, 1);
    const { rows } = await ask(url, DOCUMENTS_NOW);
    expect(rows.map(({ line }) => line)).toEqual(DOCUMENT_LINES);
    await ask(url, DROP_ONE);
    expect((await ask(url, LEFT_OF_IT)).rows).toEqual([{ tags: "1", chunks: "3", deleted: "1" }]);
    const { rows: added } = await ask(
      url,
      `INSERT INTO document (id, type, status, created_at, updated_at) VALUES ('new', 'text', 'done', 1, 1) RETURNING serial`,
    );
    expect(added).toEqual([{ serial: "4" }]);
  });

  test("of several that start at once one migrates, and the others wait for it", async () => {
    migration("1_slow", "CREATE TABLE slow (id integer); SELECT pg_sleep(0.3);");
    const outcomes = await Promise.all([1, 2, 3].map(() => migratePostgres(url, folder, 1)));
    expect(outcomes.flatMap(({ applied }) => applied)).toEqual(["1_slow"]);
  });

  test("one that is refused leaves nothing of itself, nor of those before it", async () => {
    migration("1_good", "CREATE TABLE good (id integer)");
    migration("2_bad", "CREATE TABLE half (id integer); SELECT no_such_column");
    await expect(migratePostgres(url, folder, 1)).rejects.toThrow("no_such_column");
    const { rows } = await ask(
      url,
      "SELECT tablename FROM pg_tables WHERE tablename IN ('good', 'half', '_prisma_migrations')",
    );
    expect(rows).toEqual([]);
    migration("2_bad", "CREATE TABLE whole (id integer)");
    expect((await migratePostgres(url, folder, 1)).applied).toEqual(["1_good", "2_bad"]);
  });

  test("an older program refuses a newer database by the migration's name", async () => {
    migration("1_first", "SELECT 1");
    migration("2_later", "SELECT 1");
    await migratePostgres(url, folder, 1);
    rmSync(path.join(folder, "2_later"), { recursive: true });
    await expect(migratePostgres(url, folder, 1)).rejects.toThrow(/newer Sluice.*2_later/);
  });

  test("a migration that was changed after it was applied is refused", async () => {
    migration("1_first", "SELECT 1");
    await migratePostgres(url, folder, 1);
    migration("1_first", "SELECT 2");
    await expect(migratePostgres(url, folder, 1)).rejects.toThrow("1_first was changed after");
  });
});

describe("what the operator is told", () => {
  test("that the text of the database is not UTF-8", async () => {
    const ascii = `${name}_ascii`;
    await ask(
      SERVER,
      `CREATE DATABASE "${ascii}" TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C' LOCALE_PROVIDER libc`,
    );
    try {
      await expect(migratePostgres(urlOf(SERVER, ascii), MIGRATIONS, 1)).rejects.toThrow(/SQL_ASCII.*UTF8/);
    } finally {
      await ask(SERVER, `DROP DATABASE "${ascii}"`);
    }
  });

  test("that the role may not make tables", async () => {
    const role = `${name}_role`;
    await ask(url, `CREATE ROLE "${role}" LOGIN PASSWORD 'word'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    const poor = new URL(url);
    poor.username = role;
    poor.password = "word";
    try {
      await expect(migratePostgres(poor.href, MIGRATIONS, 1)).rejects.toThrow(/may not make tables/);
    } finally {
      await ask(SERVER, `DROP ROLE "${role}"`);
    }
  });

  test("that it cannot be reached, without the password in the URL", async () => {
    const nowhere = "postgres://nobody:secret-word@127.0.0.1:9/none";
    const failed = await migratePostgres(nowhere, MIGRATIONS, 1).catch((thrown: Error) => thrown.message);
    expect(failed).toMatch(/^DATABASE_URL: the database cannot be reached/);
    expect(failed).not.toContain("secret-word");
  });
});
