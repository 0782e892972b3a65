import { randomBytes } from "node:crypto";
import { Client } from "pg";
import { checkSqliteFile, openPostgresRows, openSqliteRows, type Rows } from "./rows";

/** What an installation of the suite keeps its rows in. */
export type OwnDatabase = {
  /** By which the program finds it. */
  env: Record<string, string>;
  openRows(dataDir: string): Rows;
  /** Of a file, what is wrong with it while nothing has it open; a server sees to its files itself. */
  findDamage(dataDir: string): string[];
  drop(): Promise<void>;
};

/** The PostgreSQL that the tests of this project stand on, by `vitest.config.ts`; null in the project on SQLite. */
export const PROJECT_SERVER = process.env.SLUICE_TEST_DATABASE_URL || null;

/** An empty one on this server; without a server, a file of the data folder. */
export async function makeDatabase(server = PROJECT_SERVER): Promise<OwnDatabase> {
  return server === null ? SQLITE : makePostgresDatabase(server);
}

const SQLITE: OwnDatabase = {
  env: {},
  openRows: openSqliteRows,
  findDamage: checkSqliteFile,
  drop: async () => {},
};

async function makePostgresDatabase(server: string): Promise<OwnDatabase> {
  const name = `sluice_faults_${randomBytes(6).toString("hex")}`;
  await ask(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    env: { DATABASE_URL: url.href, SLUICE_SECRET_KEY: randomBytes(32).toString("base64") },
    openRows: () => openPostgresRows(url.href),
    findDamage: () => [],
    drop: () => ask(server, `DROP DATABASE ${name} WITH (FORCE)`),
  };
}

async function ask(server: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
