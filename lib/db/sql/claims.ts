import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";

/** Runs that a worker may take: queued ones of idle connections, and running ones whose lease has ended. */
const CLAIMABLE = `
  SELECT r.id FROM sync_run r JOIN connection c ON c.id = r.connection_id
  WHERE c.deleted_at IS NULL AND (
    (r.status = 'running' AND r.lease_until < ?1)
    OR (r.status = 'queued' AND NOT EXISTS (
      SELECT 1 FROM sync_run other WHERE other.connection_id = r.connection_id AND other.status = 'running')))
  ORDER BY r.status = 'queued', r.queued_at LIMIT 1`;

/** Asks, without a lock, whether a claim could succeed. */
export async function hasClaimableRun(tx: Tx, now: number): Promise<boolean> {
  return prepareOnce(tx.handle, CLAIMABLE).get(now) !== undefined;
}

export type ClaimedRow = { id: string; connection_id: string; revision: number; is_resumed: number };

/** Takes one run for `leaseToken`; null when there is none. A run that is resumed keeps its start and its revision. */
export async function claimRun(
  tx: Tx,
  args: { leaseToken: string; leaseUntil: number; now: number },
): Promise<ClaimedRow | null> {
  const found = prepareOnce(tx.handle, CLAIMABLE).get(args.now) as { id: string } | undefined;
  if (!found) return null;
  prepareOnce(
    tx.handle,
    `UPDATE sync_run SET lease_token = ?, lease_until = ?,
       revision = iif(status = 'queued', (SELECT revision FROM connection WHERE id = connection_id), revision),
       started_at = coalesce(started_at, ?), status = 'running'
     WHERE id = ?`,
  ).run(args.leaseToken, args.leaseUntil, args.now, found.id);
  return prepareOnce(
    tx.handle,
    `SELECT id, connection_id, revision, listing_started_at IS NOT NULL AS is_resumed FROM sync_run WHERE id = ?`,
  ).get(found.id) as ClaimedRow;
}

/** False when the lease is no longer the caller's. */
export async function renewLease(
  tx: Tx,
  args: { runId: string; leaseToken: string; leaseUntil: number },
): Promise<boolean> {
  const { changes } = prepareOnce(
    tx.handle,
    `UPDATE sync_run SET lease_until = ? WHERE id = ? AND lease_token = ? AND status = 'running'`,
  ).run(args.leaseUntil, args.runId, args.leaseToken);
  return changes === 1;
}

/** Ends the leases of a worker that is gone, so that its runs go on at once elsewhere. */
export async function expireLeases(tx: Tx, workerId: string, now: number): Promise<void> {
  prepareOnce(
    tx.handle,
    `UPDATE sync_run SET lease_until = ? WHERE status = 'running' AND lease_token >= ? AND lease_token < ?`,
  ).run(now - 1, `${workerId}:`, `${workerId};`);
}

/** What a run has cost and counted so far. */
export type RunProgress = {
  tally: string;
  listRequests: number;
  getRequests: number;
  bytesRead: number;
};

/** Progress and the lease's renewal in one statement; false when the lease is no longer the caller's. */
export async function saveProgress(
  tx: Tx,
  args: { runId: string; leaseToken: string; leaseUntil: number; progress: RunProgress },
): Promise<boolean> {
  const { tally, listRequests, getRequests, bytesRead } = args.progress;
  const { changes } = prepareOnce(
    tx.handle,
    `UPDATE sync_run SET lease_until = ?, tally = ?, list_requests = ?, get_requests = ?, bytes_read = ?
     WHERE id = ? AND lease_token = ? AND status = 'running'`,
  ).run(args.leaseUntil, tally, listRequests, getRequests, bytesRead, args.runId, args.leaseToken);
  return changes === 1;
}

export type RunEnding = {
  status: "completed" | "failed" | "canceled";
  errorCode: string | null;
  error: string | null;
  completedAt: number;
};

/** The only way a run ends. False when another worker has it, or it has ended already. */
export async function closeRun(
  tx: Tx,
  args: { runId: string; leaseToken: string; ending: RunEnding },
): Promise<boolean> {
  const { status, errorCode, error, completedAt } = args.ending;
  const { changes } = prepareOnce(
    tx.handle,
    `UPDATE sync_run SET status = ?, error_code = ?, error = ?, completed_at = ?, lease_token = NULL,
       lease_until = NULL WHERE id = ? AND lease_token = ? AND status = 'running'`,
  ).run(status, errorCode, error, completedAt, args.runId, args.leaseToken);
  return changes === 1;
}
