import type { Tx } from "../database";
import { dropKeys } from "./drop-keys";
import { jsonText } from "./json-text";

/** Rows of a connection that is gone, a bounded number at a time. */

/** Documents that it still has, in the order of their keys: whoever asks again is given the same. */
export async function nextDocumentsOf(
  { sql }: Tx,
  connectionId: string,
  countMax: number,
): Promise<string[]> {
  const rows = await sql.all<{ id: string }>(
    `SELECT id FROM document WHERE connection_id = ? ORDER BY object_key, id LIMIT ?`,
    connectionId,
    countMax,
  );
  return rows.map(({ id }) => id);
}

/** Those of the documents that hold no text. */
export async function findBare({ sql }: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await sql.all<{ id: string }>(
    `SELECT id FROM document WHERE id IN (${sql.dialect.texts()}) AND content IS NULL`,
    jsonText(ids),
  );
  return rows.map(({ id }) => id);
}

/** Those of the documents that are still the connection's belong to none from now on. */
export async function leaveDocuments(
  { sql }: Tx,
  connectionId: string,
  ids: readonly string[],
): Promise<void> {
  await sql.run(
    // Found by their ids: by the connection, all that it has would be gone through.
    `UPDATE document SET connection_id = CASE WHEN connection_id = ? THEN NULL ELSE connection_id END
     WHERE id IN (${sql.dialect.texts()})`,
    connectionId,
    jsonText(ids),
  );
}

/** Drops up to `countMax` rows of its manifest; resolves with how many it was. */
export function dropObjects(tx: Tx, connectionId: string, countMax: number): Promise<number> {
  return dropKeys(tx, "object", connectionId, countMax);
}
