import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";

/** The run for which objects wait to be read. */
export type ReadFor = { runId: string; connectionId: string };

/** How reading one object ended, as the manifest keeps it. */
export type ObjectOutcome = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  outcome: "stored" | "skipped" | "failed";
  /** The document that stands for it now; null: as it was. */
  documentId: string | null;
  reason: string | null;
  stage: "fetch" | "extract" | "store" | null;
  message: string | null;
  attempts: number;
  nextTryAt: number | null;
  /** Only for `stored`. */
  storedTags: string | null;
  extractorVersion: number;
};

/** Which of these keys still wait for this run. An outcome for any other key comes too late and is dropped. */
export async function stillQueued({ sql }: Tx, run: ReadFor, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql.all<{ key: string }>(
    // Looked up by key alone: by run, every object that waits would be looked at.
    `WITH asked AS MATERIALIZED (
       SELECT key, wanted_run, outcome FROM object WHERE connection_id = ? AND key IN (${sql.dialect.texts()}))
     SELECT key FROM asked WHERE wanted_run = ? AND outcome = 'queued'`,
    run.connectionId,
    jsonText(keys),
    run.runId,
  );
  return new Set(rows.map((row) => row.key));
}

const OUTCOMES = {
  key: "text",
  etag: "text",
  sizeBytes: "bigint",
  lastModified: "bigint",
  storedTags: "text",
  outcome: "text",
  documentId: "text",
  reason: "text",
  stage: "text",
  message: "text",
  extractorVersion: "integer",
  attempts: "integer",
  nextTryAt: "bigint",
} satisfies ListColumns;

/**
 * Writes outcomes into the manifest. Only `stored` moves the stored version, so that what could not be read is
 * compared with what is really there.
 */
export async function recordObjectOutcomes(
  { sql }: Tx,
  run: ReadFor,
  outcomes: readonly ObjectOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_etag,
       stored_size_bytes, stored_modified, stored_tags, document_id, outcome, reason, stage, message, seen_etag,
       seen_modified, extractor_version, attempts, next_try_at)
     SELECT ?, j.key, j.etag, j.size_bytes, j.last_modified, '', j.etag, j.size_bytes, j.last_modified,
       j.stored_tags, j.document_id, j.outcome, j.reason, j.stage, j.message, j.etag, j.last_modified,
       j.extractor_version, j.attempts, j.next_try_at
     FROM ${sql.dialect.rows(OUTCOMES)} WHERE TRUE
     ON CONFLICT (connection_id, key) DO UPDATE SET
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       stored_etag = CASE WHEN excluded.outcome = 'stored' THEN excluded.stored_etag ELSE object.stored_etag END,
       stored_size_bytes = CASE WHEN excluded.outcome = 'stored' THEN excluded.stored_size_bytes ELSE object.stored_size_bytes END,
       stored_modified = CASE WHEN excluded.outcome = 'stored' THEN excluded.stored_modified ELSE object.stored_modified END,
       stored_tags = CASE WHEN excluded.outcome = 'stored' THEN excluded.stored_tags ELSE object.stored_tags END,
       seen_etag = CASE WHEN excluded.outcome = 'stored' THEN NULL ELSE excluded.seen_etag END,
       seen_modified = CASE WHEN excluded.outcome = 'stored' THEN NULL ELSE excluded.seen_modified END,
       document_id = coalesce(excluded.document_id, object.document_id),
       outcome = excluded.outcome, reason = excluded.reason, stage = excluded.stage, message = excluded.message,
       extractor_version = excluded.extractor_version, attempts = excluded.attempts,
       next_try_at = excluded.next_try_at, wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL`,
    run.connectionId,
    jsonText(outcomes),
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
  const list = jsonText(documents.map(({ id, objectKey }) => ({ id, key: objectKey })));
  await sql.run(
    `WITH linked AS MATERIALIZED (SELECT j.key, j.id FROM ${sql.dialect.rows(LINKS)})
     UPDATE object SET document_id = linked.id FROM linked
     WHERE object.connection_id = ? AND object.key = linked.key`,
    list,
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
     WHERE connection_id = ? AND key IN (${sql.dialect.texts()}) AND document_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = object.document_id)`,
    connectionId,
    jsonText(keys),
  );
}
