import path from "node:path";
import Database from "libsql";
import { Pool } from "pg";
import { z } from "zod";

const integrityRow = z.object({ integrity_check: z.string() });

/** Rows of Sluice's own database, read beside the running program. */
export type Rows = {
  all(sql: string): Promise<Record<string, unknown>[]>;
  /** A statement that does something, for what a test cannot wait for. */
  change(sql: string): Promise<void>;
  close(): Promise<void>;
};

export function openSqliteRows(dataDir: string): Rows {
  const file = path.join(dataDir, "sluice.db");
  const handle = new Database(file, { readonly: true, timeout: 10_000 });
  return {
    all: async (sql) => handle.prepare(sql).all() as Record<string, unknown>[],
    change: async (sql) => {
      const writing = new Database(file, { timeout: 10_000 });
      writing.exec(sql);
      writing.close();
    },
    close: async () => void handle.close(),
  };
}

export function openPostgresRows(url: string): Rows {
  const pool = new Pool({ connectionString: url, max: 2 });
  // A server that is restarted ends the idle connections; the next question opens another.
  pool.on("error", () => {});
  return {
    all: async (sql) => (await pool.query<Record<string, unknown>>(sql)).rows,
    change: async (sql) => void (await pool.query(sql)),
    close: () => pool.end(),
  };
}

/** What SQLite itself and the text index find wrong with the file. Nothing else may have it open for writing. */
export function checkSqliteFile(dataDir: string): string[] {
  const handle = new Database(path.join(dataDir, "sluice.db"), { timeout: 10_000 });
  try {
    handle.exec("INSERT INTO chunk_index(chunk_index, rank) VALUES('integrity-check', 1)");
    const found = integrityRow.array().parse(handle.prepare("PRAGMA integrity_check").all());
    return found.map((row) => row.integrity_check).filter((said) => said !== "ok");
  } finally {
    handle.close();
  }
}
