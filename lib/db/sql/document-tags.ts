import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";
import { readSerials } from "./row-numbers";

/** Gives each document exactly these tags. One that is not there is left out. */
export async function replaceTags(tx: Tx, documents: readonly { id: string; tags: string }[]): Promise<void> {
  if (documents.length === 0) return;
  const serials = await readSerials(
    tx.sql,
    documents.map(({ id }) => id),
  );
  await deleteTags(tx, [...serials.values()]);
  await insertTags(
    tx,
    documents.flatMap(({ id, tags }) => {
      const serial = serials.get(id);
      return serial === undefined ? [] : { serial, tags };
    }),
  );
}

export async function deleteTags({ sql }: Tx, serials: readonly number[]): Promise<void> {
  if (serials.length === 0) return;
  await sql.run(
    `DELETE FROM document_tag WHERE document_serial IN (${sql.dialect.numbers()})`,
    jsonText(serials),
  );
}

/** Gives documents without tags these. */
export async function insertTags(
  { sql }: Tx,
  documents: readonly { serial: number; tags: string }[],
): Promise<void> {
  const rows = documents.flatMap(({ serial, tags }) => tagsOf(tags).map((tag) => ({ serial, tag })));
  await sql.run(
    `INSERT INTO document_tag (document_serial, tag) SELECT j.serial, j.tag FROM ${sql.dialect.rows(TAGS)}`,
    sql.dialect.list(TAGS, rows),
  );
}

const TAGS = { serial: "bigint", tag: "text" } satisfies ListColumns;

/** Tags that stand in one text, joined by commas. */
export function tagsOf(joined: string): string[] {
  return joined === "" ? [] : joined.split(",");
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
