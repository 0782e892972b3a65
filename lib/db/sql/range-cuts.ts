import type { Tx } from "../database";
import { holdAlone } from "./locks";
import type { RangeRow } from "./run-records";

/**
 * Ends an open range at a key, and opens another over what is behind, in the next free position. Null when the key does
 * not lie between the range's cursor and its end.
 */
export async function cutRange(
  tx: Tx,
  runId: string,
  args: { position: number; cutKey: string },
): Promise<RangeRow | null> {
  const { position, cutKey } = args;
  // Two walkers that cut at the same time would take the same position.
  await holdAlone(tx, `ranges ${runId}`);
  const added = await tx.sql.get<RangeRow>(
    `INSERT INTO listing_range (run_id, position, after_key, until_key, status)
     SELECT run_id, (SELECT max(position) + 1 FROM listing_range WHERE run_id = ?1), CAST(?3 AS TEXT), until_key, 'open'
     FROM listing_range
     WHERE run_id = ?1 AND position = ?2 AND status = 'open'
       AND coalesce(cursor_key, after_key) < ?3 AND (until_key IS NULL OR until_key > ?3)
     RETURNING position, after_key, until_key, cursor_key, listed, status`,
    runId,
    position,
    cutKey,
  );
  if (added === undefined) return null;
  await tx.sql.run(
    `UPDATE listing_range SET until_key = ? WHERE run_id = ? AND position = ?`,
    cutKey,
    runId,
    position,
  );
  return added;
}
