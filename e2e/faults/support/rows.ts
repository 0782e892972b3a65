import { randomBytes } from "node:crypto";
import path from "node:path";
import Database from "libsql";
import { Client, Pool } from "pg";

/** Rows of Sluice's own database, read beside the running program. */
export type Rows = {
  all(sql: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
};

export function openSqliteRows(dataDir: string): Rows {
  const handle = new Database(path.join(dataDir, "sluice.db"), { readonly: true, timeout: 10_000 });
  return {
    all: async (sql) => handle.prepare(sql).all() as Record<string, unknown>[],
    close: async () => void handle.close(),
  };
}

export function openPostgresRows(url: string): Rows {
  const pool = new Pool({ connectionString: url, max: 2 });
  // A server that is restarted ends the idle connections; the next question opens another.
  pool.on("error", () => {});
  return {
    all: async (sql) => (await pool.query<Record<string, unknown>>(sql)).rows,
    close: () => pool.end(),
  };
}

/** A new database on the server; resolves to its URL. */
export async function createDatabase(serverUrl: string): Promise<string> {
  const name = `sluice_faults_${randomBytes(6).toString("hex")}`;
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`CREATE DATABASE ${name}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** What SQLite itself and the text index say of the file. Nothing else may have it open for writing. */
export function checkSqliteFile(dataDir: string): unknown {
  const handle = new Database(path.join(dataDir, "sluice.db"), { timeout: 10_000 });
  try {
    handle.exec("INSERT INTO chunk_index(chunk_index, rank) VALUES('integrity-check', 1)");
    return handle.prepare("PRAGMA integrity_check").all();
  } finally {
    handle.close();
  }
}

/** As if an earlier run had found that the listing is best cut at these keys: the next one is walked in ranges. */
export function cutListing(dataDir: string, connectionId: string, keys: readonly string[]): void {
  const handle = new Database(path.join(dataDir, "sluice.db"), { timeout: 10_000 });
  try {
    handle
      .prepare("UPDATE connection SET listing_cuts = ? WHERE id = ?")
      .run(JSON.stringify(keys), connectionId);
  } finally {
    handle.close();
  }
}
