import type { Tx } from "../database";
import { lastOfLines } from "./plans";
import type { RunLease } from "./run-fence";

/**
 * The places that a plan gives to new keys, and those that its removals free. What a person would be asked about frees
 * none, nor does a document that never took one.
 */
export async function countPlannedPlaces(
  { sql }: Tx,
  lease: RunLease,
): Promise<{ added: number; freed: number }> {
  const row = await sql.get<{ added: number; freed: number }>(
    `SELECT (SELECT count(*) FROM run_change WHERE run_id = ?1 AND kind = 'added') AS added,
       (SELECT count(*) FROM run_change c JOIN object o ON o.connection_id = ?2 AND o.key = c.key
         WHERE c.run_id = ?1 AND c.kind = 'removed' AND o.document_id IS NOT NULL
           AND NOT (o.outcome = 'failed' AND o.stored_etag IS NULL
             AND coalesce(o.reason, '') = 'invalid_container_tag')) AS freed`,
    lease.runId,
    lease.connectionId,
  );
  return row ?? { added: 0, freed: 0 };
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
