import type { Tx } from "../database";
import { dropKeys } from "./drop-keys";

/**
 * What is no longer kept. It is looked for beside the writers, run by run and hold by hold, and dropped in pieces: among
 * the rows that stay, there may be millions that one would have to go through.
 */

/** The runs that have rows in a table whose key begins with the run: each is one step, however many rows it has. */
const runsIn = (table: "staged_object" | "run_change") => `
  WITH RECURSIVE step(run_id) AS (
    SELECT min(run_id) FROM ${table}
    UNION ALL SELECT (SELECT min(t.run_id) FROM ${table} t WHERE t.run_id > step.run_id)
      FROM step WHERE step.run_id IS NOT NULL)
  SELECT step.run_id AS id FROM step`;

/** Runs that put keys aside and broke; only a run that goes on reads its own. */
export function findBrokenStagings(tx: Tx, countMax: number): Promise<string[]> {
  return idsOf(
    tx,
    `${runsIn("staged_object")} WHERE step.run_id IS NOT NULL
       AND step.run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running') LIMIT ?`,
    countMax,
  );
}

/** Runs with change rows that ended before this time, and plans with lines that nobody can apply or applies now. */
export function findOldChanges(
  tx: Tx,
  args: { endedBefore: number; plannedBefore: number },
  countMax: number,
): Promise<string[]> {
  return idsOf(
    tx,
    `${runsIn("run_change")} JOIN sync_run r ON r.id = step.run_id
     WHERE r.completed_at < ? OR (r.kind = 'plan' AND r.completed_at < ? AND NOT EXISTS (
       SELECT 1 FROM sync_run a WHERE a.plan_run_id = r.id AND a.status IN ('queued', 'running'))) LIMIT ?`,
    args.endedBefore,
    args.plannedBefore,
    countMax,
  );
}

/** Runs that ended before this time. Their change rows are the caller's to drop first. */
export function findOldRuns(tx: Tx, endedBefore: number, countMax: number): Promise<string[]> {
  return idsOf(tx, `SELECT id FROM sync_run WHERE completed_at < ? LIMIT ?`, endedBefore, countMax);
}

/** A list that nobody sees any more: its run was cut, or another took its place. */
const LEFT_BEHIND = `(h.status = 'released' OR (h.status = 'gathering'
  AND h.run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running')))`;
const HAS_KEYS = `EXISTS (SELECT 1 FROM hold_key k WHERE k.hold_id = h.id)`;

/** Holds with keys that nobody has to decide about any more, and about which nothing is to be done. */
export function findSettledHolds(tx: Tx, countMax: number): Promise<string[]> {
  return idsOf(
    tx,
    `SELECT h.id FROM hold h WHERE (h.status IN ('applied', 'dismissed') OR ${LEFT_BEHIND}) AND ${HAS_KEYS} LIMIT ?`,
    countMax,
  );
}

/** Drops up to `countMax` keys of a hold; resolves with how many it was. */
export function dropKeysOfHold(tx: Tx, holdId: string, countMax: number): Promise<number> {
  return dropKeys(tx, "hold_key", holdId, countMax);
}

/** Drops up to `countMax` holds without keys that no person has decided about; resolves with how many it was. */
export async function dropEmptyHolds({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM hold WHERE id IN (SELECT h.id FROM hold h WHERE ${LEFT_BEHIND} AND NOT ${HAS_KEYS} LIMIT ?)`,
    countMax,
  );
  return changes;
}

async function idsOf({ sql }: Tx, text: string, ...bindings: number[]): Promise<string[]> {
  return (await sql.all<{ id: string }>(text, ...bindings)).map(({ id }) => id);
}
