import type { SqlSession } from "../sql-session";

/** Rejects when the search index is damaged; resolves with how many chunks stand in it. Needs a transaction. */
export async function checkSearchIndex(sql: SqlSession): Promise<number> {
  await sql.run(`INSERT INTO chunk_index (chunk_index) VALUES ('integrity-check')`);
  const row = await sql.get<{ count: number }>(`SELECT count(*) AS count FROM chunk_index`);
  return row?.count ?? 0;
}
