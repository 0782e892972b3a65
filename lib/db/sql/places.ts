import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { fetchRows } from "./fetch-rows";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/** Objects with a document, and those that this run has queued to become one. */
export async function countPlacesTaken({ sql }: Tx, lease: RunLease): Promise<number> {
  const { indexedBy } = sql.dialect;
  const row = await sql.get<{ places: number }>(
    `SELECT (SELECT count(*) FROM object
              WHERE connection_id = ?1 AND document_id IS NOT NULL)
          - (SELECT count(*) FROM object ${indexedBy("object_failed_or_over_limit")}
              WHERE connection_id = ?1 AND outcome = 'failed' AND reason = 'invalid_container_tag'
              AND stored_etag IS NULL AND document_id IS NOT NULL)
          + (SELECT count(*) FROM object ${indexedBy("object_to_read")}
              WHERE wanted_run = ?2 AND outcome = 'queued' AND document_id IS NULL)
          AS places`,
    lease.connectionId,
    lease.runId,
  );
  return row?.places ?? 0;
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

export const LISTED_COLUMNS = [
  "key",
  "listed_etag",
  "size_bytes",
  "last_modified",
  "storage_class",
  "wanted_tags",
  "stored_etag",
  "document_id",
  "attempts",
] as const satisfies (keyof ListedRow)[];

/** The run gives these keys, which are over the limit, the places that it frees. */
export async function promisePlaces({ sql }: Tx, lease: RunLease, keys: readonly string[]): Promise<void> {
  await sql.run(
    `UPDATE object SET wanted_run = ?
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())} AND outcome = 'over_limit'`,
    lease.runId,
    lease.connectionId,
    jsonText(keys),
  );
}

/**
 * Keys over the document limit that this run has not found gone, in key order; where `isPromised`, only those that the
 * run has promised a place.
 */
export async function nextOverLimit(
  { sql }: Tx,
  lease: RunLease,
  args: { untilKey: string | null; countMax: number; isPromised: boolean },
): Promise<ListedRow[]> {
  return fetchRows(
    sql,
    LISTED_COLUMNS,
    `SELECT ${LISTED_COLUMNS.join(", ")} FROM object ${sql.dialect.indexedBy("object_failed_or_over_limit")}
     WHERE connection_id = ?1 AND outcome = 'over_limit' AND missing_since_run IS DISTINCT FROM ?2
       ${args.isPromised ? "AND wanted_run = ?2" : ""} ${args.untilKey === null ? "" : "AND key <= ?4"}
     ORDER BY key LIMIT ?3`,
    lease.connectionId,
    lease.runId,
    args.countMax,
    ...(args.untilKey === null ? [] : [args.untilKey]),
  );
}

const ADMITTED = { key: "text", tags: "text" } satisfies ListColumns;

/** Parked keys take free places: they wait in this batch, and no longer count as over the limit in their ranges. */
export async function admitOverLimit(
  { sql }: Tx,
  lease: RunLease,
  admitted: readonly { key: string; tags: string }[],
  batch: number,
): Promise<void> {
  const list = sql.dialect.list(ADMITTED, admitted);
  await sql.run(
    `WITH admitted AS MATERIALIZED (SELECT j.key, j.tags FROM ${sql.dialect.rows(ADMITTED)})
     UPDATE object SET outcome = 'queued', seen_etag = NULL, seen_modified = NULL, wanted_run = ?,
       wanted_tags = admitted.tags, wanted_batch = ?
     FROM admitted
     WHERE object.connection_id = ? AND object.outcome = 'over_limit' AND object.key = admitted.key
       AND ${sql.dialect.isIn("object.key", "SELECT key FROM admitted")}`,
    list,
    lease.runId,
    batch,
    lease.connectionId,
  );
  await sql.run(
    `UPDATE listing_range SET over_limit = over_limit - (
       SELECT count(*) FROM ${sql.dialect.rows(ADMITTED)}
       WHERE j.key > listing_range.after_key
         AND (listing_range.until_key IS NULL OR j.key <= listing_range.until_key))
     WHERE run_id = ?`,
    list,
    lease.runId,
  );
}
