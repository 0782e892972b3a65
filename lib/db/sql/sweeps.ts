import type { Tx } from "../database";

/** What a run that broke had put aside; only a run that goes on reads its own. Resolves with how many rows it was. */
export async function sweepStaged({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM staged_object WHERE (run_id, key) IN (SELECT run_id, key FROM staged_object
       WHERE run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running') LIMIT ?)`,
    countMax,
  );
  return changes;
}

/** A list that nobody sees any more: its run was cut, or another took its place. */
const LEFT_BEHIND = `(status = 'released' OR (status = 'gathering'
  AND run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running')))`;

/** Keys of holds that nobody has to decide about any more, and that nothing is to be done about. */
export async function sweepHoldKeys({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM hold_key WHERE (hold_id, key) IN (SELECT hold_id, key FROM hold_key
       WHERE hold_id IN (SELECT id FROM hold WHERE status IN ('applied', 'dismissed') OR ${LEFT_BEHIND}) LIMIT ?)`,
    countMax,
  );
  return changes;
}

/** Holds without keys that no person has decided about. */
export async function sweepHolds({ sql }: Tx, countMax: number): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM hold WHERE id IN (SELECT id FROM hold WHERE ${LEFT_BEHIND}
       AND NOT EXISTS (SELECT 1 FROM hold_key k WHERE k.hold_id = hold.id) LIMIT ?)`,
    countMax,
  );
  return changes;
}

/** Change rows of runs that ended before this time, and lines of plans that can no longer be applied. */
export async function sweepChanges(
  { sql }: Tx,
  args: { endedBefore: number; plannedBefore: number; countMax: number },
): Promise<number> {
  const { changes } = await sql.run(
    `DELETE FROM run_change WHERE (run_id, key) IN (SELECT run_id, key FROM run_change
       WHERE run_id IN (SELECT id FROM sync_run WHERE completed_at < ? OR (kind = 'plan' AND completed_at < ?))
       LIMIT ?)`,
    args.endedBefore,
    args.plannedBefore,
    args.countMax,
  );
  return changes;
}
