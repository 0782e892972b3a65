import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";
import { jsonText } from "./json-text";

export type RunChangeRow = {
  key: string;
  kind: "added" | "updated" | "retagged" | "removed" | "on_hold" | "skipped" | "failed";
  reason: string | null;
  stage: "list" | "fetch" | "extract" | "store" | null;
  message: string | null;
  attempt: number;
  nextTryAt: number | null;
};

/** One row for each key a run changed; a later word about the same key replaces the former. */
export async function recordChanges(
  tx: Tx,
  runId: string,
  changes: readonly RunChangeRow[],
  now: number,
): Promise<void> {
  if (changes.length === 0) return;
  prepareOnce(
    tx.handle,
    `INSERT INTO run_change (run_id, key, kind, reason, stage, message, attempt, next_try_at, at)
     SELECT ?, value ->> 'key', value ->> 'kind', value ->> 'reason', value ->> 'stage', value ->> 'message',
       value ->> 'attempt', value ->> 'nextTryAt', ?
     FROM json_each(?) WHERE true
     ON CONFLICT (run_id, key) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, stage = excluded.stage,
       message = excluded.message, attempt = excluded.attempt, next_try_at = excluded.next_try_at, at = excluded.at`,
  ).run(runId, now, jsonText(changes));
}

export type RangeRow = {
  position: number;
  after_key: string;
  until_key: string | null;
  cursor_key: string | null;
  status: "open" | "closed";
};

export async function listRanges(tx: Tx, runId: string): Promise<RangeRow[]> {
  return prepareOnce(
    tx.handle,
    `SELECT position, after_key, until_key, cursor_key, status FROM listing_range WHERE run_id = ? ORDER BY position`,
  ).all(runId) as RangeRow[];
}

export async function createRange(tx: Tx, runId: string): Promise<void> {
  prepareOnce(
    tx.handle,
    `INSERT INTO listing_range (run_id, position, after_key, until_key, status) VALUES (?, 0, '', NULL, 'open')
     ON CONFLICT DO NOTHING`,
  ).run(runId);
}

/** Adds a window's counts and moves the cursor behind it. */
export async function advanceRange(
  tx: Tx,
  runId: string,
  range: { position: number; cursorKey: string; isClosed: boolean },
  counts: {
    listed: number;
    unchanged: number;
    overLimit: number;
    failed: number;
    skipped: Record<string, number>;
  },
): Promise<void> {
  const { skipped } = prepareOnce(
    tx.handle,
    `SELECT skipped FROM listing_range WHERE run_id = ? AND position = ?`,
  ).get(runId, range.position) as { skipped: string };
  prepareOnce(
    tx.handle,
    `UPDATE listing_range SET cursor_key = ?, status = ?, listed = listed + ?, unchanged = unchanged + ?,
       over_limit = over_limit + ?, failed = failed + ?, skipped = ?
     WHERE run_id = ? AND position = ?`,
  ).run(
    range.cursorKey,
    range.isClosed ? "closed" : "open",
    counts.listed,
    counts.unchanged,
    counts.overLimit,
    counts.failed,
    jsonText(addCounts(JSON.parse(skipped) as Record<string, number>, counts.skipped)),
    runId,
    range.position,
  );
}

export function addCounts(
  left: Record<string, number>,
  right: Record<string, number>,
): Record<string, number> {
  const sum = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

/** Takes the listing back to its beginning. What reading has settled keeps its change rows. */
export async function resetRanges(tx: Tx, runId: string): Promise<void> {
  prepareOnce(tx.handle, `DELETE FROM listing_range WHERE run_id = ?`).run(runId);
}

export type RunCounts = {
  listed: number;
  unchanged: number;
  overLimit: number;
  failedBefore: number;
  skipped: Record<string, number>;
  /** Change rows by kind. */
  changes: Record<string, number>;
};

/** The numbers of a run, from its ranges and its change rows. Nothing else counts. */
export async function countRun(tx: Tx, runId: string): Promise<RunCounts> {
  const ranges = prepareOnce(
    tx.handle,
    `SELECT listed, unchanged, over_limit, failed, skipped FROM listing_range WHERE run_id = ?`,
  ).all(runId) as {
    listed: number;
    unchanged: number;
    over_limit: number;
    failed: number;
    skipped: string;
  }[];
  const rows = prepareOnce(
    tx.handle,
    `SELECT kind, CASE kind WHEN 'skipped' THEN reason END AS reason, count(*) AS count
     FROM run_change WHERE run_id = ? GROUP BY 1, 2`,
  ).all(runId) as { kind: string; reason: string | null; count: number }[];

  const counts: RunCounts = {
    listed: 0,
    unchanged: 0,
    overLimit: 0,
    failedBefore: 0,
    skipped: {},
    changes: {},
  };
  for (const range of ranges) {
    counts.listed += range.listed;
    counts.unchanged += range.unchanged;
    counts.overLimit += range.over_limit;
    counts.failedBefore += range.failed;
    counts.skipped = addCounts(counts.skipped, JSON.parse(range.skipped) as Record<string, number>);
  }
  for (const { kind, reason, count } of rows) {
    counts.changes = addCounts(counts.changes, { [kind]: count });
    if (reason !== null) counts.skipped = addCounts(counts.skipped, { [reason]: count });
  }
  return counts;
}
