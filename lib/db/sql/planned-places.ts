import type { Tx } from "../database";
import { cutIntoPieces } from "./key-pieces";
import { HAS_PLACE } from "./places";
import { lastOfLines } from "./plans";
import type { RunLease } from "./run-fence";

/**
 * The places that a plan gives to new keys, and those that its removals free. What a person would be asked about frees
 * none, nor does a document that never took one. Nobody reads for a plan, and nobody but its run writes its lines.
 */
export async function countPlannedPlaces(
  { sql }: Tx,
  lease: RunLease,
): Promise<{ added: number; freed: number }> {
  const counts = { added: 0, freed: 0 };
  for await (const piece of cutIntoPieces(sql, { table: "run_change", ownerId: lease.runId })) {
    const row = await sql.get<{ added: number; freed: number }>(
      `SELECT count(CASE WHEN c.kind = 'added' THEN 1 END) AS added, count(CASE WHEN c.kind = 'removed' THEN (
         SELECT 1 FROM object o WHERE o.connection_id = ?4 AND o.key = c.key AND ${HAS_PLACE}) END) AS freed
       FROM run_change c WHERE c.run_id = ?1 AND c.key > ?2 AND c.key <= ?3`,
      ...piece,
      lease.connectionId,
    );
    counts.added += row?.added ?? 0;
    counts.freed += row?.freed ?? 0;
  }
  return counts;
}

/**
 * The first parked lines of a plan, which has one range, become new keys and count as over the limit no longer.
 * Resolves with how many there were.
 */
export async function admitPlanned(tx: Tx, runId: string, countMax: number): Promise<number> {
  const { sql } = tx;
  const last = await lastOfLines(tx, { runId, kind: "parked", countMax });
  if (last === null) return 0;
  const { changes } = await sql.run(
    `UPDATE run_change SET kind = 'added' WHERE run_id = ? AND kind = 'parked' AND key <= ?`,
    runId,
    last,
  );
  await sql.run(`UPDATE listing_range SET over_limit = over_limit - ? WHERE run_id = ?`, changes, runId);
  return changes;
}

/** Takes up to `countMax` parked lines out of a plan; resolves with how many it was. */
export async function dropParked(tx: Tx, runId: string, countMax: number): Promise<number> {
  const last = await lastOfLines(tx, { runId, kind: "parked", countMax });
  if (last === null) return 0;
  const { changes } = await tx.sql.run(
    `DELETE FROM run_change WHERE run_id = ? AND kind = 'parked' AND key <= ?`,
    runId,
    last,
  );
  return changes;
}
