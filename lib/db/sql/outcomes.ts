import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";

/** The run for which objects wait to be read. */
export type ReadFor = { runId: string; connectionId: string };

/** The version that was asked for. */
type ReadVersion = { key: string; etag: string; sizeBytes: number; lastModified: number };

/** An object whose text is stored now. */
export type StoredObject = ReadVersion & { documentId: string; tags: string };

/** An object that could not be read, or holds no text. */
export type UnreadObject = ReadVersion & {
  outcome: "skipped" | "failed";
  /** The document that shows it; null: as it was. */
  documentId: string | null;
  attempts: number;
  reason: string | null;
  message: string | null;
  stage: "fetch" | "extract" | "store" | null;
  /** What kind its bytes were found to be; null when that is not known. */
  detected: string | null;
  nextTryAt: number | null;
};

/** Which of these keys wait for this run no longer: an outcome for one of them comes too late and is dropped. */
export async function noLongerQueued(
  { sql }: Tx,
  run: ReadFor,
  keys: readonly string[],
): Promise<Set<string>> {
  const rows = await sql.all<{ key: string }>(
    // Looked up by key alone: by run, every object that waits would be looked at.
    `WITH asked AS MATERIALIZED (
       SELECT key, wanted_run, outcome FROM object
       WHERE connection_id = ?1 AND ${sql.dialect.isIn("key", sql.dialect.texts("?2"))})
     SELECT j.value AS key FROM (${sql.dialect.texts("?2")}) AS j
     WHERE j.value NOT IN (SELECT key FROM asked WHERE wanted_run = ?3 AND outcome = 'queued')`,
    run.connectionId,
    jsonText(keys),
    run.runId,
  );
  return new Set(rows.map((row) => row.key));
}

const STORED = {
  key: "text",
  etag: "text",
  sizeBytes: "bigint",
  lastModified: "bigint",
  documentId: "text",
  tags: "text",
} satisfies ListColumns;

/** Nothing else moves the stored version. The objects are in the manifest, where they waited. */
export async function recordStored(
  { sql }: Tx,
  run: ReadFor,
  args: { objects: readonly StoredObject[]; extractorVersion: number },
): Promise<void> {
  if (args.objects.length === 0) return;
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_tags,
       document_id, outcome, extractor_version)
     SELECT ?, j.key, j.etag, j.size_bytes, j.last_modified, '', j.tags, j.document_id, 'stored', CAST(? AS INTEGER)
     FROM ${sql.dialect.rows(STORED)} WHERE TRUE
     ON CONFLICT (connection_id, key) DO UPDATE SET
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       stored_etag = excluded.listed_etag, stored_size_bytes = excluded.size_bytes,
       stored_modified = excluded.last_modified, stored_tags = excluded.stored_tags,
       document_id = excluded.document_id, outcome = excluded.outcome, extractor_version = excluded.extractor_version,
       reason = NULL, stage = NULL, message = NULL, seen_etag = NULL, seen_modified = NULL, detected = NULL,
       attempts = 0, next_try_at = NULL, wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL`,
    run.connectionId,
    args.extractorVersion,
    sql.dialect.list(STORED, args.objects),
  );
}

const UNREAD = {
  key: "text",
  etag: "text",
  sizeBytes: "bigint",
  lastModified: "bigint",
  outcome: "text",
  documentId: "text",
  attempts: "integer",
  reason: "text",
  message: "text",
  stage: "text",
  detected: "text",
  nextTryAt: "bigint",
} satisfies ListColumns;

/** The stored version stays, so that what could not be read is compared with what is really there. */
export async function recordUnread(
  { sql }: Tx,
  run: ReadFor,
  args: { objects: readonly UnreadObject[]; extractorVersion: number },
): Promise<void> {
  if (args.objects.length === 0) return;
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, document_id,
       outcome, reason, stage, message, detected, extractor_version, attempts, next_try_at)
     SELECT ?, j.key, j.etag, j.size_bytes, j.last_modified, '', j.document_id, j.outcome, j.reason, j.stage,
       j.message, j.detected, CAST(? AS INTEGER), j.attempts, j.next_try_at
     FROM ${sql.dialect.rows(UNREAD)} WHERE TRUE
     ON CONFLICT (connection_id, key) DO UPDATE SET
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       seen_etag = excluded.listed_etag, seen_modified = excluded.last_modified,
       document_id = coalesce(excluded.document_id, object.document_id),
       outcome = excluded.outcome, reason = excluded.reason, stage = excluded.stage, message = excluded.message,
       detected = excluded.detected, extractor_version = excluded.extractor_version, attempts = excluded.attempts,
       next_try_at = excluded.next_try_at, wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL`,
    run.connectionId,
    args.extractorVersion,
    sql.dialect.list(UNREAD, args.objects),
  );
}

const LINKS = { key: "text", id: "text" } satisfies ListColumns;

/** The manifest knows the document that stands for a key from the moment there is one. */
export async function linkDocuments(
  { sql }: Tx,
  connectionId: string,
  documents: readonly { id: string; objectKey: string }[],
): Promise<void> {
  if (documents.length === 0) return;
  const links = documents.map(({ id, objectKey }) => ({ id, key: objectKey }));
  await sql.run(
    `WITH linked AS MATERIALIZED (SELECT j.key, j.id FROM ${sql.dialect.rows(LINKS)})
     UPDATE object SET document_id = linked.id FROM linked
     WHERE object.connection_id = ? AND object.key = linked.key
       AND ${sql.dialect.isIn("object.key", "SELECT key FROM linked")}`,
    sql.dialect.list(LINKS, links),
    connectionId,
  );
}

/** Forgets documents that are no longer there, and with them the stored version. */
export async function unlinkGoneDocuments(
  { sql }: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `UPDATE object SET document_id = NULL, stored_etag = NULL, stored_size_bytes = NULL, stored_modified = NULL,
       stored_tags = NULL
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} AND document_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = object.document_id)`,
    connectionId,
    jsonText(keys),
  );
}
