import type { Tx } from "../database";
import { jsonText } from "./json-text";

/** Keys of the connection's failed objects in key order, after `afterKey`. */
export async function nextFailedKeys(
  { sql }: Tx,
  args: { connectionId: string; afterKey: string; countMax: number },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND outcome = 'failed' AND key > ? ORDER BY key LIMIT ?`,
    args.connectionId,
    args.afterKey,
    args.countMax,
  );
  return rows.map(({ key }) => key);
}

/** Those of the keys whose objects are failed, in key order. */
export async function findFailedKeys(
  { sql }: Tx,
  args: { connectionId: string; keys: readonly string[] },
): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    `SELECT key FROM object WHERE connection_id = ? AND outcome = 'failed' AND ${sql.dialect.isIn("key", sql.dialect.texts())}
     ORDER BY key`,
    args.connectionId,
    jsonText(args.keys),
  );
  return rows.map(({ key }) => key);
}

/** Failed objects are tried again by the next run, as if they had never been tried. Resolves with how many. */
export async function makeFailuresDue(
  { sql }: Tx,
  args: { connectionId: string; keys: readonly string[] },
): Promise<number> {
  const { changes } = await sql.run(
    `UPDATE object SET next_try_at = 0, attempts = 0
     WHERE connection_id = ? AND outcome = 'failed' AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    args.connectionId,
    jsonText(args.keys),
  );
  return changes;
}

/** A place among what waits to be read for a run. */
export type QueuePlace = { batch: number; key: string };

/** Before the first place, and behind the last. */
export const QUEUE_START: QueuePlace = { batch: -1, key: "" };
const QUEUE_END: QueuePlace = { batch: 2 ** 31 - 1, key: "" };

/**
 * Of the next `countMax` objects that wait for a run, the keys of those that had failed before. `last` is the place of
 * the last one that was looked at; null: there is none behind it.
 */
export async function nextToGiveBack(
  { sql }: Tx,
  runId: string,
  args: { after: QueuePlace; countMax: number },
): Promise<{ failedKeys: string[]; last: QueuePlace | null }> {
  const { after, countMax } = args;
  const waiting = `FROM object ${sql.dialect.indexedBy("object_to_read")}
     WHERE wanted_run = ?1 AND outcome = 'queued' AND (wanted_batch, key) > (?2, ?3)`;
  const last = await sql.get<QueuePlace>(
    `SELECT wanted_batch AS batch, key ${waiting} ORDER BY wanted_batch, key LIMIT 1 OFFSET ?4`,
    runId,
    after.batch,
    after.key,
    countMax - 1,
  );
  const until = last ?? QUEUE_END;
  const rows = await sql.all<{ key: string }>(
    `SELECT key ${waiting} AND (wanted_batch, key) <= (?4, ?5) AND reason IS NOT NULL`,
    runId,
    after.batch,
    after.key,
    until.batch,
    until.key,
  );
  return { failedKeys: rows.map(({ key }) => key), last: last ?? null };
}

/** These objects, which a run was to try again and does not come to, are failed as before, and due. */
export async function giveBackFailures(
  { sql }: Tx,
  run: { runId: string; connectionId: string },
  keys: readonly string[],
): Promise<void> {
  await sql.run(
    `UPDATE object SET outcome = 'failed', next_try_at = 0, wanted_run = NULL, wanted_tags = NULL, wanted_batch = NULL
     WHERE connection_id = ? AND wanted_run = ? AND outcome = 'queued' AND reason IS NOT NULL
       AND ${sql.dialect.isIn("key", sql.dialect.texts())}`,
    run.connectionId,
    run.runId,
    jsonText(keys),
  );
}
