import type { SqlSession } from "../sql-session";

/** Rejects when the search index is damaged; resolves with how many chunks stand in it. Needs a transaction. */
export async function checkSearchIndex(sql: SqlSession): Promise<number> {
  if (sql.dialect.name === "sqlite") {
    await sql.run(`INSERT INTO chunk_index (chunk_index) VALUES ('integrity-check')`);
  }
  const row = await sql.get<{ count: number; chunks: number }>(
    `SELECT (SELECT count(*) FROM chunk_index) AS count, (SELECT count(*) FROM chunk) AS chunks`,
  );
  if (row?.count !== row?.chunks) throw new Error(`${row?.count} of ${row?.chunks} chunks are indexed.`);
  return row?.count ?? 0;
}
