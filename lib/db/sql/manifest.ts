import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** One row of the manifest as the database gives it. */
export type ObjectRow = {
  key: string;
  stored_etag: string | null;
  stored_size_bytes: number | null;
  stored_modified: number | null;
  stored_tags: string | null;
  outcome: "queued" | "stored" | "failed" | "skipped" | "over_limit";
  reason: string | null;
  seen_etag: string | null;
  extractor_version: number;
  attempts: number;
  next_try_at: number | null;
  is_absence_kept: number;
  document_id: string | null;
  is_settled: number;
};

/** Rows of one window, in key order. Settled: this run has queued the key or has a change row for it. */
export async function readManifestWindow(
  tx: Tx,
  lease: RunLease,
  args: { afterKey: string; untilKey: string | null; countMax: number },
): Promise<ObjectRow[]> {
  const upTo = args.untilKey === null ? "" : "AND o.key <= ?";
  const bounds = args.untilKey === null ? [args.afterKey] : [args.afterKey, args.untilKey];
  return prepareOnce(
    tx.handle,
    `SELECT o.key, o.stored_etag, o.stored_size_bytes, o.stored_modified, o.stored_tags, o.outcome, o.reason,
       o.seen_etag, o.extractor_version, o.attempts, o.next_try_at, o.is_absence_kept, o.document_id,
       (c.run_id IS NOT NULL OR (o.outcome = 'queued' AND o.wanted_run = ?)) AS is_settled
     FROM object o LEFT JOIN run_change c ON c.run_id = ? AND c.key = o.key
     WHERE o.connection_id = ? AND o.key > ? ${upTo}
     ORDER BY o.key LIMIT ?`,
  ).all(lease.runId, lease.runId, lease.connectionId, ...bounds, args.countMax) as ObjectRow[];
}

/** What a listing says of one object, with what becomes of it. */
export type ObjectUpsert = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  storageClass: string;
  outcome: "queued" | "skipped" | "over_limit" | "failed";
  reason: string | null;
  message: string | null;
  /** Null for queued objects: nothing was seen of that version yet. */
  seenEtag: string | null;
  wantedRun: string | null;
  wantedTags: string | null;
};

/** Failed tries are counted for one version: another ETag starts anew. What is stored is not touched. */
export async function upsertObjects(
  tx: Tx,
  connectionId: string,
  objects: readonly ObjectUpsert[],
): Promise<void> {
  if (objects.length === 0) return;
  prepareOnce(
    tx.handle,
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, outcome, reason,
       message, seen_etag, wanted_run, wanted_tags)
     SELECT ?, value ->> 'key', value ->> 'etag', value ->> 'sizeBytes', value ->> 'lastModified',
       value ->> 'storageClass', value ->> 'outcome', value ->> 'reason', value ->> 'message', value ->> 'seenEtag',
       value ->> 'wantedRun', value ->> 'wantedTags'
     FROM json_each(?) WHERE true
     ON CONFLICT (connection_id, key) DO UPDATE SET
       attempts = CASE WHEN object.listed_etag = excluded.listed_etag THEN object.attempts ELSE 0 END,
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       storage_class = excluded.storage_class, outcome = excluded.outcome, reason = excluded.reason,
       message = excluded.message, seen_etag = excluded.seen_etag, next_try_at = NULL, is_absence_kept = 0,
       missing_since_run = NULL, missing_since = NULL,
       wanted_run = excluded.wanted_run, wanted_tags = excluded.wanted_tags`,
  ).run(connectionId, jsonText(objects));
}

/** The listed version is the stored one again. */
export async function restoreObjects(tx: Tx, connectionId: string, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  prepareOnce(
    tx.handle,
    `UPDATE object SET outcome = 'stored', reason = NULL, message = NULL, seen_etag = NULL, attempts = 0,
       next_try_at = NULL, is_absence_kept = 0, missing_since_run = NULL, missing_since = NULL,
       wanted_run = NULL, wanted_tags = NULL
     WHERE connection_id = ? AND key IN (SELECT value FROM json_each(?))`,
  ).run(connectionId, jsonText(keys));
}

export async function setStoredTags(
  tx: Tx,
  connectionId: string,
  objects: readonly { key: string; tags: string }[],
): Promise<void> {
  if (objects.length === 0) return;
  const list = jsonText(objects);
  prepareOnce(
    tx.handle,
    `WITH j (key, tags) AS MATERIALIZED (SELECT value ->> 'key', value ->> 'tags' FROM json_each(?))
     UPDATE object SET stored_tags = j.tags FROM j WHERE object.connection_id = ? AND object.key = j.key`,
  ).run(list, connectionId);
}

/** The documents that stand for these keys. Keys without one are left out. */
export async function documentsOf(
  tx: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = prepareOnce(
    tx.handle,
    `SELECT key, document_id FROM object
     WHERE connection_id = ? AND key IN (SELECT value FROM json_each(?)) AND document_id IS NOT NULL`,
  ).all(connectionId, jsonText(keys)) as { key: string; document_id: string }[];
  return new Map(rows.map((row) => [row.key, row.document_id]));
}

/** Objects with a document, and objects on their way to one. */
export async function countPlacesTaken(tx: Tx, connectionId: string): Promise<number> {
  const row = prepareOnce(
    tx.handle,
    `SELECT (SELECT count(*) FROM object WHERE connection_id = ?1 AND document_id IS NOT NULL
              AND NOT (stored_etag IS NULL AND outcome = 'failed' AND reason = 'invalid_container_tag'))
          + (SELECT count(*) FROM object WHERE connection_id = ?1 AND outcome = 'queued' AND document_id IS NULL)
          AS places`,
  ).get(connectionId) as { places: number };
  return row.places;
}

export type ListedRow = {
  key: string;
  listed_etag: string;
  size_bytes: number;
  last_modified: number;
  storage_class: string;
  wanted_tags: string | null;
  stored_etag: string | null;
  document_id: string | null;
  attempts: number;
};

/** What this run has queued and not yet read, in key order. */
export async function nextQueued(
  tx: Tx,
  lease: RunLease,
  args: { afterKey: string; countMax: number },
): Promise<ListedRow[]> {
  return prepareOnce(
    tx.handle,
    `SELECT key, listed_etag, size_bytes, last_modified, storage_class, wanted_tags, stored_etag, document_id, attempts
     FROM object WHERE wanted_run = ? AND outcome = 'queued' AND connection_id = ? AND key > ?
     ORDER BY key LIMIT ?`,
  ).all(lease.runId, lease.connectionId, args.afterKey, args.countMax) as ListedRow[];
}

/** Keys over the document limit, in key order. */
export async function nextOverLimit(tx: Tx, connectionId: string, countMax: number): Promise<ListedRow[]> {
  return prepareOnce(
    tx.handle,
    `SELECT key, listed_etag, size_bytes, last_modified, storage_class, wanted_tags, stored_etag, document_id, attempts
     FROM object WHERE connection_id = ? AND outcome = 'over_limit' AND missing_since_run IS NULL
     ORDER BY key LIMIT ?`,
  ).all(connectionId, countMax) as ListedRow[];
}

/** Parked keys take free places: they are queued, and no longer counted as over the limit in their ranges. */
export async function admitOverLimit(
  tx: Tx,
  lease: RunLease,
  admitted: readonly { key: string; tags: string }[],
): Promise<void> {
  const list = jsonText(admitted);
  prepareOnce(
    tx.handle,
    `UPDATE object SET outcome = 'queued', seen_etag = NULL, wanted_run = ?,
       wanted_tags = (SELECT j.value ->> 'tags' FROM json_each(?) j WHERE j.value ->> 'key' = object.key)
     WHERE connection_id = ? AND outcome = 'over_limit' AND key IN (SELECT value ->> 'key' FROM json_each(?))`,
  ).run(lease.runId, list, lease.connectionId, list);
  prepareOnce(
    tx.handle,
    `UPDATE listing_range SET over_limit = over_limit - (
       SELECT count(*) FROM json_each(?) j
       WHERE j.value ->> 'key' > listing_range.after_key
         AND (listing_range.until_key IS NULL OR j.value ->> 'key' <= listing_range.until_key))
     WHERE run_id = ?`,
  ).run(list, lease.runId);
}
