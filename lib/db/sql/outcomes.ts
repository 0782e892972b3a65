import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** How reading one object ended, as the manifest keeps it. */
export type ObjectOutcome = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  outcome: "stored" | "skipped" | "failed";
  reason: string | null;
  message: string | null;
  attempts: number;
  nextTryAt: number | null;
  /** Only for `stored`. */
  storedTags: string | null;
  extractorVersion: number;
};

/** Which of these keys still wait for this run. An outcome for any other key comes too late and is dropped. */
export async function stillQueued(tx: Tx, lease: RunLease, keys: readonly string[]): Promise<Set<string>> {
  const rows = prepareOnce(
    tx.handle,
    `SELECT key FROM object WHERE connection_id = ? AND wanted_run = ? AND outcome = 'queued'
       AND key IN (SELECT value FROM json_each(?))`,
  ).all(lease.connectionId, lease.runId, jsonText(keys)) as { key: string }[];
  return new Set(rows.map((row) => row.key));
}

/**
 * Writes outcomes into the manifest. Only `stored` moves the stored version, so that what could not be read is
 * compared with what is really there.
 */
export async function recordObjectOutcomes(
  tx: Tx,
  lease: RunLease,
  outcomes: readonly ObjectOutcome[],
): Promise<void> {
  if (outcomes.length === 0) return;
  prepareOnce(
    tx.handle,
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, stored_etag,
       stored_size_bytes, stored_modified, stored_tags, outcome, reason, message, seen_etag, extractor_version,
       attempts, next_try_at)
     SELECT ?, value ->> 'key', value ->> 'etag', value ->> 'sizeBytes', value ->> 'lastModified', '',
       value ->> 'etag', value ->> 'sizeBytes', value ->> 'lastModified', value ->> 'storedTags',
       value ->> 'outcome', value ->> 'reason', value ->> 'message', value ->> 'etag', value ->> 'extractorVersion',
       value ->> 'attempts', value ->> 'nextTryAt'
     FROM json_each(?) WHERE true
     ON CONFLICT (connection_id, key) DO UPDATE SET
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       stored_etag = iif(excluded.outcome = 'stored', excluded.stored_etag, object.stored_etag),
       stored_size_bytes = iif(excluded.outcome = 'stored', excluded.stored_size_bytes, object.stored_size_bytes),
       stored_modified = iif(excluded.outcome = 'stored', excluded.stored_modified, object.stored_modified),
       stored_tags = iif(excluded.outcome = 'stored', excluded.stored_tags, object.stored_tags),
       seen_etag = iif(excluded.outcome = 'stored', NULL, excluded.seen_etag),
       outcome = excluded.outcome, reason = excluded.reason, message = excluded.message,
       extractor_version = excluded.extractor_version, attempts = excluded.attempts,
       next_try_at = excluded.next_try_at, wanted_run = NULL, wanted_tags = NULL`,
  ).run(lease.connectionId, jsonText(outcomes));
}

/** The manifest knows the document that stands for a key from the moment there is one. */
export async function linkDocuments(
  tx: Tx,
  connectionId: string,
  documents: readonly { id: string; objectKey: string }[],
): Promise<void> {
  if (documents.length === 0) return;
  const list = jsonText(documents.map(({ id, objectKey }) => ({ id, key: objectKey })));
  prepareOnce(
    tx.handle,
    `WITH j (key, id) AS MATERIALIZED (SELECT value ->> 'key', value ->> 'id' FROM json_each(?))
     UPDATE object SET document_id = j.id FROM j WHERE object.connection_id = ? AND object.key = j.key`,
  ).run(list, connectionId);
}

/** Forgets documents that are no longer there, and with them the stored version. */
export async function unlinkGoneDocuments(
  tx: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  prepareOnce(
    tx.handle,
    `UPDATE object SET document_id = NULL, stored_etag = NULL, stored_size_bytes = NULL, stored_modified = NULL,
       stored_tags = NULL
     WHERE connection_id = ? AND key IN (SELECT value FROM json_each(?)) AND document_id IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM document d WHERE d.id = object.document_id)`,
  ).run(connectionId, jsonText(keys));
}
