import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";

/** Gives each document exactly these tags. */
export async function replaceTags(tx: Tx, documents: readonly { id: string; tags: string }[]): Promise<void> {
  await deleteTags(
    tx,
    documents.map(({ id }) => id),
  );
  await insertTags(tx, documents);
}

export async function deleteTags({ sql }: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.run(`DELETE FROM document_tag WHERE document_id IN (${sql.dialect.texts()})`, jsonText(ids));
}

/** Gives documents without tags these. */
export async function insertTags(
  { sql }: Tx,
  documents: readonly { id: string; tags: string }[],
): Promise<void> {
  await sql.run(
    `INSERT INTO document_tag (document_id, tag) SELECT j.id, j.tag FROM ${sql.dialect.rows(TAGS)}`,
    sql.dialect.list(TAGS, tagRows(documents)),
  );
}

export const TAGS = { id: "text", tag: "text" } satisfies ListColumns;

export function tagRows(documents: readonly { id: string; tags: string }[]): { id: string; tag: string }[] {
  return documents.flatMap(({ id, tags }) =>
    tags === "" ? [] : tags.split(",").map((tag) => ({ id, tag })),
  );
}

/** New tags for documents whose text stays as it is. */
export async function retagDocuments(
  tx: Tx,
  documents: readonly { id: string; tags: string }[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  await replaceTags(tx, documents);
  await tx.sql.run(
    `UPDATE document SET updated_at = ?, stale_since = NULL, error = NULL
     WHERE id IN (${tx.sql.dialect.texts()})`,
    now,
    jsonText(documents.map((document) => document.id)),
  );
}
