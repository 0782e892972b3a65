import type { Tx } from "../database";
import type { SqlSession } from "../sql-session";
import type { ListColumns } from "./dialect";
import { jsonText } from "./json-text";
import { cutIntoPieces } from "./key-pieces";
import { type NextArgs, nextWanted } from "./next-wanted";
import type { RunLease } from "./run-fence";

/** Of an object `o`: its document takes a place. One that failed without a legal container tag never did. */
export const HAS_PLACE = `o.document_id IS NOT NULL
  AND NOT (o.outcome = 'failed' AND o.stored_etag IS NULL AND coalesce(o.reason, '') = 'invalid_container_tag')`;

/**
 * Objects whose documents take a place, and those that this run has queued to become one.
 *
 * Beside the count the run's readers go on, and its walkers that do not lead. An object that they settle keeps its
 * place or gives it back; none takes one, since places are given by whoever waits for this count. So it is never less
 * than what is taken when it resolves, and never more than what was taken when it began.
 */
export async function countPlacesTaken({ sql }: Tx, lease: RunLease): Promise<number> {
  let places = 0;
  for await (const piece of cutIntoPieces(sql, { table: "object", ownerId: lease.connectionId })) {
    const row = await sql.get<{ places: number }>(
      `SELECT count(*) AS places FROM object o WHERE o.connection_id = ?1 AND o.key > ?2 AND o.key <= ?3
         AND (${HAS_PLACE} OR (o.wanted_run = ?4 AND o.outcome = 'queued'))`,
      ...piece,
      lease.runId,
    );
    places += row?.places ?? 0;
  }
  return places;
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

type OverLimitArgs = NextArgs & { untilKey: string | null };

/** Keys over the document limit that this run has not found gone, in key order. */
export async function nextOverLimit({ sql }: Tx, lease: RunLease, args: OverLimitArgs): Promise<ListedRow[]> {
  return nextWanted(sql, overLimitOf(sql, lease, args.untilKey), args);
}

/** Those of them that the run has promised a place. Nobody but the run makes a promise, or gives what is promised. */
export async function nextPromised({ sql }: Tx, lease: RunLease, args: OverLimitArgs): Promise<ListedRow[]> {
  const { only, ...wanted } = overLimitOf(sql, lease, args.untilKey);
  const promised = { ...only, text: `${only.text} AND wanted_run = ${only.runId}` };
  return nextWanted(sql, { ...wanted, only: promised }, args);
}

function overLimitOf({ dialect }: SqlSession, { connectionId, runId }: RunLease, untilKey: string | null) {
  const among = `object ${dialect.indexedBy("object_failed_or_over_limit")}
     WHERE connection_id = ?1 AND outcome = 'over_limit'`;
  const place = untilKey === null ? "?2" : "?3";
  return {
    columns: LISTED_COLUMNS.join(", "),
    among:
      untilKey === null
        ? { text: among, bindings: [connectionId] }
        : { text: `${among} AND key <= ?2`, bindings: [connectionId, untilKey] },
    only: { runId: place, text: `missing_since_run IS DISTINCT FROM ${place}`, bindings: [runId] },
  };
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
