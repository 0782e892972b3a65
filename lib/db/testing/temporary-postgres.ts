import { createHash } from "node:crypto";
import path from "node:path";
import pg from "pg";
import pino from "pino";
import { newId } from "@/lib/core/ids";
import { type Database, openDatabase } from "../database";
import { migratePostgres } from "../migrate-postgres";
import { readMigrations } from "../migrations";
import type { TemporaryDatabase } from "./temporary-database";

const MIGRATIONS = path.resolve("prisma/postgres/migrations");

/** Any number; whoever makes the template holds it. */
const TEMPLATE_LOCK = 5_171_043;

/** A database on this server that `remove` drops. The first call to it waits until it is made. */
export function temporaryPostgres(server: string, dataDir: string): Omit<TemporaryDatabase, "dataDir"> {
  const name = `sluice_test_${newId().toLowerCase()}`;
  const place = { databaseUrl: urlOf(server, name), dataDir };
  const made = createFromTemplate(server, name).then(() =>
    openDatabase({ ...place, log: pino({ level: "silent" }) }),
  );
  // Whoever calls it is told; a test that never does is not.
  made.catch(() => undefined);
  const database: Database = {
    transaction: async (work) => (await made).transaction(work),
    reading: async (work) => (await made).reading(work),
    close: async () => (await made).close(),
  };
  const remove = async () => {
    await (await made).close();
    await administer(server, (client) => client.query(`DROP DATABASE "${name}" WITH (FORCE)`));
  };
  return { database, place, remove };
}

export function urlOf(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

async function createFromTemplate(server: string, name: string): Promise<void> {
  template ??= makeTemplate(server);
  const from = await template;
  await administer(server, (client) => client.query(`CREATE DATABASE "${name}" TEMPLATE "${from}"`));
}

let template: Promise<string> | null = null;

/** Migrating takes longer than copying, so it is done once for a state of the migrations, and stays on the server. */
async function makeTemplate(server: string): Promise<string> {
  const checksums = readMigrations(MIGRATIONS).map(({ checksum }) => checksum);
  const name = `sluice_template_${createHash("sha256").update(checksums.join()).digest("hex").slice(0, 16)}`;
  await administer(server, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    const { rows } = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [name]);
    if (rows.length > 0) return;
    const making = `${name}_making`;
    await client.query(`DROP DATABASE IF EXISTS "${making}" WITH (FORCE)`);
    await client.query(`CREATE DATABASE "${making}"`);
    await migratePostgres(urlOf(server, making), MIGRATIONS, 0);
    await client.query(`ALTER DATABASE "${making}" RENAME TO "${name}"`);
  });
  return name;
}

async function administer<T>(server: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
