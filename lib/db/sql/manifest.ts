import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";
import { type NextArgs, nextWanted } from "./next-wanted";
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
  seen_modified: number | null;
  detected: string | null;
  extractor_version: number;
  attempts: number;
  next_try_at: number | null;
  is_absence_kept: number;
  document_id: string | null;
  is_settled: number;
};

/** Settled: this run has queued the key or has a change row for it. */
const ROWS = `
  SELECT o.key, o.stored_etag, o.stored_size_bytes, o.stored_modified, o.stored_tags, o.outcome, o.reason,
    o.seen_etag, o.seen_modified, o.detected, o.extractor_version, o.attempts, o.next_try_at, o.is_absence_kept,
    o.document_id,
    (c.run_id IS NOT NULL OR (o.outcome = 'queued' AND o.wanted_run = ?)) AS is_settled
  FROM object o LEFT JOIN run_change c ON c.run_id = ? AND c.key = o.key
  WHERE o.connection_id = ?`;

/** Rows of one window, in key order. */
export async function readManifestWindow(
  { sql }: Tx,
  lease: RunLease,
  args: { afterKey: string; untilKey: string | null; countMax: number },
): Promise<ObjectRow[]> {
  const upTo = args.untilKey === null ? "" : "AND o.key <= ?";
  const bounds = args.untilKey === null ? [args.afterKey] : [args.afterKey, args.untilKey];
  return sql.all(
    `${ROWS} AND o.key > ? ${upTo} ORDER BY o.key LIMIT ?`,
    lease.runId,
    lease.runId,
    lease.connectionId,
    ...bounds,
    args.countMax,
  );
}

/** Rows of these keys; keys without one are left out. */
export async function readManifestRows(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[],
): Promise<ObjectRow[]> {
  return sql.all(
    `${ROWS} AND ${sql.dialect.isIn("o.key", sql.dialect.texts())}`,
    lease.runId,
    lease.runId,
    lease.connectionId,
    jsonText(keys),
  );
}

/** The first keys from `fromKey` on and before `beforeKey`, which null leaves open. */
export async function nextKeys(
  { sql }: Tx,
  connectionId: string,
  args: { fromKey: string; isFromIncluded: boolean; beforeKey: string | null; countMax: number },
): Promise<string[]> {
  const before = args.beforeKey === null ? "" : "AND key < ?";
  const bounds = args.beforeKey === null ? [args.fromKey] : [args.fromKey, args.beforeKey];
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND key ${args.isFromIncluded ? ">=" : ">"} ? ${before}
     ORDER BY key LIMIT ?`,
    connectionId,
    ...bounds,
    args.countMax,
  );
  return rows.map(({ key }) => key);
}

/** Failed objects whose next try is due, in key order. */
export async function nextDueFailures(
  { sql }: Tx,
  connectionId: string,
  args: NextArgs & { now: number },
): Promise<string[]> {
  const failed = `object ${sql.dialect.indexedBy("object_failed_or_over_limit")}
     WHERE connection_id = ?1 AND outcome = 'failed'`;
  const rows = await nextWanted<{ key: string }>(
    sql,
    {
      columns: "key",
      among: { text: failed, bindings: [connectionId] },
      only: { text: "next_try_at <= ?2", bindings: [args.now] },
    },
    args,
  );
  return rows.map(({ key }) => key);
}

/** What a listing says of one object, with what becomes of it. */
export type ObjectUpsert = {
  key: string;
  etag: string;
  sizeBytes: number;
  lastModified: number;
  storageClass: string;
  outcome: "queued" | "skipped" | "over_limit" | "failed";
  /** Only for queued objects. */
  wantedTags: string | null;
  wantedBatch: number | null;
  reason: string | null;
  message: string | null;
};

const UPSERTED = {
  key: "text",
  etag: "text",
  sizeBytes: "bigint",
  lastModified: "bigint",
  storageClass: "text",
  outcome: "text",
  wantedTags: "text",
  wantedBatch: "integer",
  reason: "text",
  message: "text",
} satisfies ListColumns;

/** An object outside the scope is as good as gone, and what a person has said of that holds for its next version, too. */
const LEAVES_SCOPE = "(excluded.outcome = 'skipped' AND excluded.reason IN ('filtered', 'no_tag'))";

/** What is to be tried again keeps what it failed with, for the case that nobody comes to it. */
const triedAgain = (column: string) =>
  `CASE WHEN excluded.outcome = 'queued' AND object.outcome IN ('failed', 'queued')
         THEN object.${column} ELSE excluded.${column} END`;

/**
 * Failed tries are counted for one version: another ETag starts anew. What is stored is not touched, and nothing was
 * seen yet of a version that is queued.
 */
export async function upsertObjects(
  { sql }: Tx,
  run: { runId: string; connectionId: string },
  objects: readonly ObjectUpsert[],
): Promise<void> {
  if (objects.length === 0) return;
  await sql.run(
    `INSERT INTO object (connection_id, key, listed_etag, size_bytes, last_modified, storage_class, outcome, reason,
       message, seen_etag, seen_modified, stage, wanted_run, wanted_tags, wanted_batch)
     SELECT ?, j.key, j.etag, j.size_bytes, j.last_modified, j.storage_class, j.outcome, j.reason, j.message,
       CASE WHEN j.outcome <> 'queued' THEN j.etag END, CASE WHEN j.outcome <> 'queued' THEN j.last_modified END,
       CASE WHEN j.outcome = 'failed' THEN 'list' END, CASE WHEN j.outcome = 'queued' THEN CAST(? AS TEXT) END,
       j.wanted_tags, j.wanted_batch
     FROM ${sql.dialect.rows(UPSERTED)} WHERE TRUE
     ON CONFLICT (connection_id, key) DO UPDATE SET
       attempts = CASE WHEN object.listed_etag = excluded.listed_etag THEN object.attempts ELSE 0 END,
       listed_etag = excluded.listed_etag, size_bytes = excluded.size_bytes, last_modified = excluded.last_modified,
       storage_class = excluded.storage_class, outcome = excluded.outcome, reason = ${triedAgain("reason")},
       message = ${triedAgain("message")}, stage = ${triedAgain("stage")}, detected = ${triedAgain("detected")},
       seen_etag = excluded.seen_etag, seen_modified = excluded.seen_modified, next_try_at = NULL,
       is_absence_kept = object.is_absence_kept AND ${LEAVES_SCOPE}, missing_since_run = NULL, missing_since = NULL,
       wanted_run = excluded.wanted_run,
       wanted_tags = excluded.wanted_tags, wanted_batch = excluded.wanted_batch`,
    run.connectionId,
    run.runId,
    sql.dialect.list(UPSERTED, objects),
  );
}

/** The listed version is the stored one again. */
export async function restoreObjects(
  { sql }: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `UPDATE object SET outcome = 'stored', reason = NULL, message = NULL, seen_etag = NULL, detected = NULL,
       attempts = 0, next_try_at = NULL, is_absence_kept = FALSE, missing_since_run = NULL, missing_since = NULL,
       seen_modified = NULL, stage = NULL, wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    connectionId,
    jsonText(keys),
  );
}

const TAGGED = { key: "text", tags: "text" } satisfies ListColumns;

export async function setStoredTags(
  { sql }: Tx,
  connectionId: string,
  objects: readonly { key: string; tags: string }[],
): Promise<void> {
  if (objects.length === 0) return;
  await sql.run(
    `WITH tagged AS MATERIALIZED (SELECT j.key, j.tags FROM ${sql.dialect.rows(TAGGED)})
     UPDATE object SET stored_tags = tagged.tags FROM tagged
     WHERE object.connection_id = ? AND object.key = tagged.key
       AND ${sql.dialect.isIn("object.key", "SELECT key FROM tagged")}`,
    sql.dialect.list(TAGGED, objects),
    connectionId,
  );
}

/** The documents that stand for these keys. Keys without one are left out. */
export async function documentsOf(
  { sql }: Tx,
  connectionId: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const rows = await sql.all<{ key: string; document_id: string }>(
    `SELECT key, document_id FROM object
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} AND document_id IS NOT NULL`,
    connectionId,
    jsonText(keys),
  );
  return new Map(rows.map((row) => [row.key, row.document_id]));
}
