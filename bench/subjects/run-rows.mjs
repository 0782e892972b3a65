import { existsSync } from "node:fs";
import path from "node:path";

const DATABASE_FILE = "sluice.db";

/**
 * Reads run rows where they are kept, for what the API does not show: when a run was queued, and its requests and
 * stages. Writes nothing. Times are epoch milliseconds.
 */
export async function readRunRow({ dataDir, databaseUrl }, runId) {
  const row =
    databaseUrl === null ? await fromSqlite(dataDir, runId) : await fromPostgres(databaseUrl, runId);
  if (row === undefined) throw new Error(`There is no row of run ${runId}.`);
  return {
    id: row.id,
    status: row.status,
    error: row.error,
    queuedAt: Number(row.queued_at),
    startedAt: timeOf(row.started_at),
    listedAt: timeOf(row.listed_at),
    completedAt: timeOf(row.completed_at),
    tally: JSON.parse(row.tally),
    requests: { list: Number(row.list_requests), get: Number(row.get_requests) },
    bytesRead: Number(row.bytes_read),
    stageMs: JSON.parse(row.stage_ms ?? "{}"),
  };
}

function timeOf(column) {
  return column === null ? null : Number(column);
}

async function fromSqlite(dataDir, runId) {
  const file = path.join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new Error(`There is no database in ${dataDir}.`);
  const { default: Database } = await import("libsql");
  const handle = new Database(file, { readonly: true });
  try {
    return handle.prepare("SELECT * FROM sync_run WHERE id = ?").get(runId);
  } finally {
    handle.close();
  }
}

async function fromPostgres(databaseUrl, runId) {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query("SELECT * FROM sync_run WHERE id = $1", [runId]);
    return rows[0];
  } finally {
    await client.end();
  }
}
