import type { Tx } from "../database";

/** What a run has cost since it was last written down: bytes, and milliseconds by stage. */
export type RunCost = {
  listRequests: number;
  getRequests: number;
  retriedRequests: number;
  throttledAnswers: number;
  bytesListed: number;
  bytesRead: number;
  stageMs: Readonly<Record<string, number>>;
};

/** The tally and the lease's renewal in one statement; false when the lease is no longer the caller's. */
export async function saveProgress(
  tx: Tx,
  args: { runId: string; leaseToken: string; leaseUntil: number; tally: string | null },
): Promise<boolean> {
  const { changes } = await tx.sql.run(
    `UPDATE sync_run SET lease_until = ?, tally = coalesce(CAST(? AS TEXT), tally)
     WHERE id = ? AND lease_token = ? AND status = 'running'`,
    args.leaseUntil,
    args.tally,
    args.runId,
    args.leaseToken,
  );
  return changes === 1;
}

/** Adds what was spent on a run, whoever spent it: several workers may read for one run. */
export async function addCost(tx: Tx, runId: string, cost: RunCost): Promise<void> {
  const row = await tx.sql.get<{ stage_ms: string }>(
    `SELECT stage_ms FROM sync_run WHERE id = ? ${tx.sql.dialect.locking("FOR NO KEY UPDATE")}`,
    runId,
  );
  if (row === undefined) return;
  const stageMs = { ...(JSON.parse(row.stage_ms) as Record<string, number>) };
  for (const [stage, ms] of Object.entries(cost.stageMs)) stageMs[stage] = (stageMs[stage] ?? 0) + ms;
  await tx.sql.run(
    `UPDATE sync_run SET list_requests = list_requests + ?, get_requests = get_requests + ?,
       retried_requests = retried_requests + ?, throttled_answers = throttled_answers + ?,
       bytes_listed = bytes_listed + ?, bytes_read = bytes_read + ?, stage_ms = ? WHERE id = ?`,
    cost.listRequests,
    cost.getRequests,
    cost.retriedRequests,
    cost.throttledAnswers,
    cost.bytesListed,
    cost.bytesRead,
    JSON.stringify(stageMs),
    runId,
  );
}
