import type { Tx } from "../database";
import type { ListColumns } from "./dialect";
import { dropKeys } from "./drop-keys";
import { jsonText } from "./json-text";
import { cutIntoPieces } from "./key-pieces";
import type { RunLease } from "./run-fence";

export type RunChangeRow = {
  key: string;
  kind: "added" | "updated" | "retagged" | "removed" | "on_hold" | "skipped" | "failed" | "drifted";
  reason: string | null;
  stage: "list" | "fetch" | "extract" | "store" | null;
  message: string | null;
  attempt: number;
  nextTryAt: number | null;
};

const CHANGES = {
  key: "text",
  kind: "text",
  attempt: "integer",
  reason: "text",
  stage: "text",
  message: "text",
  nextTryAt: "bigint",
} satisfies ListColumns;

/** One row for each key a run changed; a later word about the same key replaces the former. */
export async function recordChanges(
  { sql }: Tx,
  runId: string,
  changes: readonly RunChangeRow[],
  now: number,
): Promise<void> {
  if (changes.length === 0) return;
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, reason, stage, message, attempt, next_try_at, at)
     SELECT ?, j.key, j.kind, j.reason, j.stage, j.message, j.attempt, j.next_try_at, ?
     FROM ${sql.dialect.rows(CHANGES)} WHERE TRUE
     ON CONFLICT (run_id, key) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, stage = excluded.stage,
       message = excluded.message, attempt = excluded.attempt, next_try_at = excluded.next_try_at, at = excluded.at`,
    runId,
    now,
    sql.dialect.list(CHANGES, changes),
  );
}

/** Objects that failed before stand among the run's failures as the manifest has them. */
export async function recordStillFailed(
  { sql }: Tx,
  lease: RunLease,
  keys: readonly string[],
  now: number,
): Promise<void> {
  if (keys.length === 0) return;
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, reason, stage, message, attempt, next_try_at, at)
     SELECT CAST(? AS TEXT), key, 'failed', reason, stage, message, attempts, next_try_at, CAST(? AS BIGINT)
     FROM object WHERE connection_id = ? AND outcome = 'failed' AND ${sql.dialect.isIn("key", sql.dialect.texts())}
     ON CONFLICT (run_id, key) DO NOTHING`,
    lease.runId,
    now,
    lease.connectionId,
    jsonText(keys),
  );
}

export type RangeRow = {
  position: number;
  after_key: string;
  until_key: string | null;
  cursor_key: string | null;
  listed: number;
  status: "open" | "closed";
};

export async function listRanges({ sql }: Tx, runId: string): Promise<RangeRow[]> {
  return sql.all(
    `SELECT position, after_key, until_key, cursor_key, listed, status FROM listing_range WHERE run_id = ? ORDER BY position`,
    runId,
  );
}

const RANGES = { position: "integer", afterKey: "text", untilKey: "text" } satisfies ListColumns;

/** Tiles everything with ranges that meet at these keys, which are in order. */
export async function createRanges({ sql }: Tx, runId: string, cuts: readonly string[]): Promise<void> {
  const ranges = [...cuts, null].map((untilKey, position) => ({
    position,
    afterKey: cuts[position - 1] ?? "",
    untilKey,
  }));
  await sql.run(
    `INSERT INTO listing_range (run_id, position, after_key, until_key, status)
     SELECT CAST(? AS TEXT), j.position, j.after_key, j.until_key, 'open' FROM ${sql.dialect.rows(RANGES)}`,
    runId,
    sql.dialect.list(RANGES, ranges),
  );
}

/** Adds a window's counts and moves the cursor behind it. */
export async function advanceRange(
  { sql }: Tx,
  runId: string,
  range: { position: number; cursorKey: string; isClosed: boolean },
  counts: {
    listed: number;
    unchanged: number;
    overLimit: number;
    skipped: Record<string, number>;
  },
): Promise<void> {
  const row = await sql.get<{ skipped: string }>(
    `SELECT skipped FROM listing_range WHERE run_id = ? AND position = ?`,
    runId,
    range.position,
  );
  const skipped = countsOf(row?.skipped ?? "{}");
  await sql.run(
    `UPDATE listing_range SET cursor_key = ?, status = ?, listed = listed + ?, unchanged = unchanged + ?,
       over_limit = over_limit + ?, skipped = ?
     WHERE run_id = ? AND position = ?`,
    range.cursorKey,
    range.isClosed ? "closed" : "open",
    counts.listed,
    counts.unchanged,
    counts.overLimit,
    jsonText(addCounts(skipped, counts.skipped)),
    runId,
    range.position,
  );
}

function addCounts(left: Record<string, number>, right: Record<string, number>): Record<string, number> {
  const sum = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Objects that the listing had so far. */
export async function countListed({ sql }: Tx, runId: string): Promise<number> {
  const row = await sql.get<{ listed: number }>(
    `SELECT CAST(coalesce(sum(listed), 0) AS BIGINT) AS listed FROM listing_range WHERE run_id = ?`,
    runId,
  );
  return row?.listed ?? 0;
}

/** Forgets up to `countMax` of what the run did to keys; resolves with how many it was. */
export function dropChanges(tx: Tx, runId: string, countMax: number): Promise<number> {
  return dropKeys(tx, "run_change", runId, countMax);
}

/** Forgets what the run did to these keys. */
export async function dropChangesOf({ sql }: Tx, runId: string, keys: readonly string[]): Promise<void> {
  await sql.run(
    `DELETE FROM run_change WHERE run_id = ? AND key IN (${sql.dialect.texts()})`,
    runId,
    jsonText(keys),
  );
}

/** Takes the listing back to its beginning. What reading has settled keeps its change rows. */
export async function resetRanges({ sql }: Tx, runId: string): Promise<void> {
  await sql.run(`DELETE FROM listing_range WHERE run_id = ?`, runId);
}

export type RunCounts = {
  listed: number;
  unchanged: number;
  overLimit: number;
  /** Over the limit as far as is known: their range has others before it that are still listed. */
  parked: number;
  skipped: Record<string, number>;
  /** Change rows by kind. */
  changes: Record<string, number>;
};

type RangeCounts = {
  listed: number;
  unchanged: number;
  over_limit: number;
  skipped: string;
  status: string;
};

/**
 * The numbers of a run, from its ranges and its change rows. Nothing else counts.
 *
 * While others write, each key counts once, as its row is when its piece is read. The ranges come last: a key that got
 * a place or a row meanwhile counts nowhere yet, and never twice.
 */
export async function countRun({ sql }: Tx, runId: string): Promise<RunCounts> {
  const counts: RunCounts = { listed: 0, unchanged: 0, overLimit: 0, parked: 0, skipped: {}, changes: {} };
  for await (const piece of cutIntoPieces(sql, { table: "run_change", ownerId: runId })) {
    const rows = await sql.all<{ kind: string; reason: string | null; count: number }>(
      `SELECT kind, CASE WHEN kind = 'skipped' THEN reason END AS reason, count(*) AS count FROM run_change
       WHERE run_id = ?1 AND key > ?2 AND key <= ?3 GROUP BY 1, 2`,
      ...piece,
    );
    for (const { kind, reason, count } of rows) {
      counts.changes = addCounts(counts.changes, { [kind]: count });
      if (reason !== null) counts.skipped = addCounts(counts.skipped, { [reason]: count });
    }
  }

  const ranges = await sql.all<RangeCounts>(
    `SELECT listed, unchanged, over_limit, skipped, status FROM listing_range
     WHERE run_id = ? ORDER BY after_key`,
    runId,
  );
  const leading = Math.max(
    0,
    ranges.findIndex(({ status }) => status === "open"),
  );
  for (const [at, range] of ranges.entries()) {
    counts.listed += range.listed;
    counts.unchanged += range.unchanged;
    counts[at > leading ? "parked" : "overLimit"] += range.over_limit;
    counts.skipped = addCounts(counts.skipped, countsOf(range.skipped));
  }
  return counts;
}

function countsOf(text: string): Record<string, number> {
  return JSON.parse(text) as Record<string, number>;
}
