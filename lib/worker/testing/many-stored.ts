import { jsonText } from "@/lib/db/sql/json-text";
import type { SyncBench } from "./sync-bench";

export const nameOf = (at: number) => `${String(at).padStart(5, "0")}.txt`;

/** Puts the objects of these numbers into the bucket, each with a text of its own. */
export function putMany({ bucket }: SyncBench, from: number, to: number, text = "text"): void {
  for (let at = from; at < to; at++) bucket.put(nameOf(at), `${text} ${at}`);
}

/** A connection's rows as after a sync of so many objects, which are in its bucket no longer. */
export async function storeMany({ database, connectionId }: SyncBench, count: number): Promise<void> {
  const keys = jsonText(Array.from({ length: count }, (_, at) => nameOf(at)));
  await database.transaction(async ({ sql }) => {
    await sql.run(
      `INSERT INTO document (id, connection_id, object_key, type, status, content, created_at, updated_at)
       SELECT j.value, CAST(? AS TEXT), j.value, 'text', 'done', 'text', 1, 1 FROM (${sql.dialect.texts()}) AS j`,
      connectionId,
      keys,
    );
    await sql.run(
      `INSERT INTO object (connection_id, key, document_id, outcome, listed_etag, stored_etag, size_bytes,
         stored_size_bytes, last_modified, storage_class, stored_tags)
       SELECT CAST(? AS TEXT), j.value, j.value, 'stored', '"e"', '"e"', 4, 4, 1, 'STANDARD', ''
       FROM (${sql.dialect.texts()}) AS j`,
      connectionId,
      keys,
    );
  });
}
