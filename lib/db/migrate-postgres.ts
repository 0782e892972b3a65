import pg from "pg";
import { newId } from "@/lib/core/ids";
import { DATABASE_CONNECT_TIMEOUT_MS, MIGRATION_TIMEOUT_MS } from "@/lib/core/limits";
import { pendingOf, readMigrations } from "./migrations";

/** Prisma's own, so that its commands and ours wait for each other. */
const LOCK = 72707369;

/** The same as `migrateDatabase`, for a PostgreSQL. Of several that start at once one migrates, and the others wait. */
export async function migratePostgres(
  url: string,
  directory: string,
  now: number,
): Promise<{ applied: string[] }> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "sluice-migrate",
    connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
  });
  // Whatever ends the connection ends the statement that is under way, and that is told.
  client.on("error", () => {});
  await client.connect().catch((cause: unknown) => {
    throw new Error(`DATABASE_URL: the database cannot be reached (${reasonOf(cause)}).`, { cause });
  });
  try {
    return await migrateConnected(client, directory, now);
  } finally {
    await client.end();
  }
}

/** The reason alone: a message of the driver's does not repeat the URL, which holds a password. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : null;
  return cause.message || code || cause.name;
}

async function migrateConnected(
  client: pg.Client,
  directory: string,
  now: number,
): Promise<{ applied: string[] }> {
  await client.query(`SET search_path = public; SET lock_timeout = ${MIGRATION_TIMEOUT_MS}`);
  await demandUtf8(client);
  await client.query("SELECT pg_advisory_lock($1)", [LOCK]);
  await client.query("BEGIN");
  try {
    await client.query(LEDGER);
    const pending = pendingOf(readMigrations(directory), await readLedger(client));
    for (const { name, sql, checksum } of pending) {
      await client.query(sql);
      await client.query(
        `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
         VALUES ($1, $2, $3, $4, $4, 1)`,
        [newId(), checksum, name, new Date(now)],
      );
    }
    await client.query("COMMIT");
    return { applied: pending.map(({ name }) => name) };
  } catch (thrown) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw isForbidden(thrown) ? new Error(FORBIDDEN, { cause: thrown }) : thrown;
  }
}

const FORBIDDEN =
  "DATABASE_URL: this role may not make tables in the schema public. Let it own the database, or grant it CREATE there.";

function isForbidden(thrown: unknown): boolean {
  return thrown instanceof pg.DatabaseError && thrown.code === "42501";
}

/** Keys are compared as their UTF-8 bytes, and every language is searched. */
async function demandUtf8(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_encoding: string }>("SHOW server_encoding");
  const encoding = rows[0]?.server_encoding;
  if (encoding === "UTF8") return;
  throw new Error(
    `DATABASE_URL: the database keeps its text as ${encoding}; Sluice needs one made with UTF8.`,
  );
}

const LEDGER = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

async function readLedger(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "SELECT migration_name, checksum FROM _prisma_migrations",
  );
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}
