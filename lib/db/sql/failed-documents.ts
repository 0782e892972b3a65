import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { tagsOf } from "./document-tags";
import { removeDocuments } from "./documents";
import { jsonText } from "./json-text";
import { takeNumbers } from "./row-numbers";

export type FailedDocument = {
  id: string;
  connectionId: string;
  objectKey: string;
  origin: string;
  customId: string;
  title: string;
  url: string;
  sizeBytes: number;
  sourceModified: number;
  tags: string;
  error: string;
};

const FAILED = {
  serial: "bigint",
  id: "text",
  connectionId: "text",
  objectKey: "text",
  origin: "text",
  customId: "text",
  title: "text",
  url: "text",
  sizeBytes: "bigint",
  sourceModified: "bigint",
  error: "text",
} satisfies ListColumns;

const TAGS = { id: "text", tag: "text" } satisfies ListColumns;

/**
 * Makes failures visible as documents. One that has text keeps it, with its tags, and is marked stale; one that
 * has none is `failed` and has the tags of this failure alone.
 */
export async function failDocuments(
  { sql }: Tx,
  documents: readonly FailedDocument[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  const serials = await takeNumbers(sql, "document", documents.length);
  await sql.run(
    `INSERT INTO document (serial, id, connection_id, object_key, origin, custom_id, title, type, status, url,
       size_bytes, source_modified, error, created_at, updated_at)
     SELECT j.serial, j.id, j.connection_id, j.object_key, j.origin, j.custom_id, j.title, 'text', 'failed', j.url,
       j.size_bytes, j.source_modified, j.error, ?, ?
     FROM ${sql.dialect.rows(FAILED)} WHERE TRUE
     ON CONFLICT (id) DO UPDATE SET error = excluded.error, updated_at = excluded.updated_at,
       status = CASE WHEN document.content IS NULL THEN 'failed' ELSE document.status END,
       stale_since = CASE WHEN document.content IS NULL THEN NULL
                          ELSE coalesce(document.stale_since, excluded.updated_at) END`,
    now,
    now,
    sql.dialect.list(
      FAILED,
      documents.map((document, at) => ({ ...document, serial: serials[at] ?? null })),
    ),
  );
  await sql.run(
    `DELETE FROM document_tag WHERE document_serial IN (
       SELECT serial FROM document WHERE content IS NULL AND id IN (${sql.dialect.texts()}))`,
    jsonText(documents.map(({ id }) => id)),
  );
  await sql.run(
    `INSERT INTO document_tag (document_serial, tag)
     SELECT d.serial, j.tag FROM ${sql.dialect.rows(TAGS)}
     JOIN document d ON d.id = j.id AND d.content IS NULL WHERE TRUE
     ON CONFLICT DO NOTHING`,
    sql.dialect.list(
      TAGS,
      documents.flatMap(({ id, tags }) => tagsOf(tags).map((tag) => ({ id, tag }))),
    ),
  );
}

/** Tags of those of the documents that failed and have no text, sorted and joined by commas. */
export async function readFailedTags({ sql }: Tx, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await sql.all<{ id: string; tags: string }>(
    `SELECT d.id, coalesce(string_agg(t.tag, ',' ORDER BY t.tag), '') AS tags
     FROM document d LEFT JOIN document_tag t ON t.document_serial = d.serial
     WHERE d.id IN (${sql.dialect.texts()}) AND d.status = 'failed' AND d.content IS NULL GROUP BY d.id`,
    jsonText(ids),
  );
  return new Map(rows.map(({ id, tags }) => [id, tags]));
}

/** What is stored of it is older than its object, and why that is so. */
export type OutdatedDocument = { id: string; error: string };

const ASIDE = { id: "text", error: "text" } satisfies ListColumns;

/** What is stored is no longer the bucket's version. Documents without text stay as they are. */
export async function outdateDocuments(
  tx: Tx,
  documents: readonly OutdatedDocument[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  const { sql } = tx;
  await sql.run(
    `WITH aside AS MATERIALIZED (SELECT j.id, j.error FROM ${sql.dialect.rows(ASIDE)})
     UPDATE document SET stale_since = coalesce(stale_since, ?), updated_at = ?, error = aside.error
     FROM aside WHERE document.id = aside.id AND document.content IS NOT NULL`,
    sql.dialect.list(ASIDE, documents),
    now,
    now,
  );
}

/** The object can no longer be text. What is stored stays and is marked stale; a document without text goes. */
export async function setDocumentsAside(
  tx: Tx,
  documents: readonly OutdatedDocument[],
  now: number,
): Promise<void> {
  if (documents.length === 0) return;
  const { sql } = tx;
  await outdateDocuments(tx, documents, now);
  const bare = await sql.all<{ id: string }>(
    `SELECT id FROM document WHERE content IS NULL AND id IN (${sql.dialect.texts()})`,
    jsonText(documents.map(({ id }) => id)),
  );
  await removeDocuments(
    tx,
    bare.map(({ id }) => id),
  );
}

/** What is stored is the bucket's version again. */
export async function refreshDocuments({ sql }: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql.run(
    `UPDATE document SET stale_since = NULL, error = NULL WHERE id IN (${sql.dialect.texts()})`,
    jsonText(ids),
  );
}
