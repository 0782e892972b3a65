import type { Tx } from "../database";
import { dropKeys } from "./drop-keys";
import { jsonText } from "./json-text";
import type { RunLease } from "./run-fence";

/**
 * A hold is a list of removals that one run has found. It is put together where nobody sees it and takes the place of
 * the list before it at once, so that what is shown is whole, and the run names it.
 *
 *   status       what it is                                               becomes
 *   gathering    a run puts its keys together                             open, released
 *   open         waits for a person; one of each connection               approved, dismissing, released
 *   approved     the next run proves its keys again and removes them      applied
 *   applied      removed
 *   dismissing   decided; the documents of the keys it still has are yet to be marked as kept      dismissed
 *   dismissed    all of them are marked
 *   released     its objects are back, or a later run's list has taken its place
 */

/** Where a run puts its keys, and the hold that waits meanwhile. */
export type Gathering = { holdId: string; replacesId: string | null };

/**
 * Begins a run's list. Null when a person has approved the one before: then the run that the click has queued removes
 * them.
 */
export async function beginHold(
  { sql }: Tx,
  lease: RunLease,
  args: { holdId: string; reason: string; now: number },
): Promise<Gathering | null> {
  const present = await sql.get<{ id: string; status: string }>(
    `SELECT id, status FROM hold WHERE connection_id = ? AND status IN ('open', 'approved')`,
    lease.connectionId,
  );
  if (present?.status === "approved") return null;
  // What a run had begun before it was cut.
  await sql.run(
    `UPDATE hold SET status = 'released' WHERE connection_id = ? AND status = 'gathering'`,
    lease.connectionId,
  );
  await sql.run(
    `INSERT INTO hold (id, connection_id, run_id, status, reason, created_at) VALUES (?, ?, ?, 'gathering', ?, ?)`,
    args.holdId,
    lease.connectionId,
    lease.runId,
    args.reason,
    args.now,
  );
  return { holdId: args.holdId, replacesId: present?.id ?? null };
}

/** Puts keys into a list that is being put together, and among what the run did. */
export async function holdKeys(
  { sql }: Tx,
  lease: RunLease,
  args: { holdId: string; keys: readonly string[]; now: number },
): Promise<void> {
  const list = jsonText(args.keys);
  await sql.run(
    `INSERT INTO hold_key (hold_id, key) SELECT CAST(? AS TEXT), j.value FROM (${sql.dialect.texts()}) AS j WHERE TRUE
     ON CONFLICT DO NOTHING`,
    args.holdId,
    list,
  );
  await sql.run(
    `INSERT INTO run_change (run_id, key, kind, attempt, at)
     SELECT CAST(? AS TEXT), j.value, 'on_hold', 0, CAST(? AS BIGINT) FROM (${sql.dialect.texts()}) AS j WHERE TRUE
     ON CONFLICT (run_id, key) DO UPDATE SET kind = 'on_hold'`,
    lease.runId,
    args.now,
    list,
  );
}

/**
 * The list is whole: it takes the place of the one before it, and a person is asked. False when somebody has decided
 * on that one meanwhile; then the next run asks about what is left.
 */
export async function publishHold(
  { sql }: Tx,
  lease: RunLease,
  args: Gathering & { now: number },
): Promise<boolean> {
  const present = await sql.get<{ id: string; status: string }>(
    `SELECT id, status FROM hold WHERE connection_id = ? AND status IN ('open', 'approved')
     ${sql.dialect.locking("FOR UPDATE")}`,
    lease.connectionId,
  );
  const isUndecided = (present?.id ?? null) === args.replacesId && present?.status !== "approved";
  const released = isUndecided ? args.replacesId : args.holdId;
  await sql.run(`UPDATE hold SET status = 'released', decided_at = ? WHERE id = ?`, args.now, released);
  if (!isUndecided) return false;
  await sql.run(`UPDATE hold SET status = 'open' WHERE id = ? AND status = 'gathering'`, args.holdId);
  return true;
}

/** The hold of the connection with this status: there is one at most that is approved, and a few that are dismissing. */
export async function findHold(
  { sql }: Tx,
  connectionId: string,
  status: "approved" | "dismissing",
): Promise<string | null> {
  const row = await sql.get<{ id: string }>(
    `SELECT id FROM hold WHERE connection_id = ? AND status = ? LIMIT 1`,
    connectionId,
    status,
  );
  return row?.id ?? null;
}

/** What was approved is done: its objects are removed or back. */
export async function finishApproved({ sql }: Tx, holdId: string): Promise<void> {
  await sql.run(`UPDATE hold SET status = 'applied' WHERE id = ? AND status = 'approved'`, holdId);
}

/** Nothing of the list that waits is asked any more. */
export async function releaseHold({ sql }: Tx, connectionId: string, now: number): Promise<void> {
  await sql.run(
    `UPDATE hold SET status = 'released', decided_at = ? WHERE connection_id = ? AND status = 'open'`,
    now,
    connectionId,
  );
}

/**
 * Marks the next documents of a dismissing hold as kept until their objects return, at most `countMax` of them. The
 * keys that are done leave the list, so this may be cut anywhere and asked for again; the last piece ends it.
 */
export async function keepNextHeld(
  { sql }: Tx,
  hold: { id: string; connectionId: string },
  countMax: number,
): Promise<void> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM hold_key WHERE hold_id = ? ORDER BY key LIMIT ?`,
    hold.id,
    countMax,
  );
  const keys = jsonText(rows.map(({ key }) => key));
  await sql.run(
    `UPDATE object SET is_absence_kept = TRUE, missing_since_run = NULL, missing_since = NULL
     WHERE connection_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    hold.connectionId,
    keys,
  );
  await sql.run(
    `DELETE FROM hold_key WHERE hold_id = ? AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    hold.id,
    keys,
  );
  if (rows.length === countMax) return;
  await sql.run(`UPDATE hold SET status = 'dismissed' WHERE id = ? AND status = 'dismissing'`, hold.id);
}

/** Takes up to `countMax` keys out of a hold of a connection that goes; resolves with how many it was. */
export async function dropHoldKeys(tx: Tx, connectionId: string, countMax: number): Promise<number> {
  const hold = await tx.sql.get<{ id: string }>(
    `SELECT id FROM hold WHERE connection_id = ?
       AND EXISTS (SELECT 1 FROM hold_key k WHERE k.hold_id = hold.id) LIMIT 1`,
    connectionId,
  );
  return hold === undefined ? 0 : dropKeys(tx, "hold_key", hold.id, countMax);
}
