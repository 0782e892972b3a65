import { takeNumbers } from "../sql/row-numbers";
import { type DocumentChunks, insertChunks } from "../sql/search-index";
import type { SqlSession } from "../sql-session";

/** Adds chunks with the next numbers. */
export async function addChunks(sql: SqlSession, documents: readonly DocumentChunks[]): Promise<void> {
  const count = documents.reduce((sum, { chunks }) => sum + chunks.length, 0);
  await insertChunks(sql, documents, await takeNumbers(sql, "chunk", count));
}
