import { DELETED_AWAITED_MS } from "@/lib/core/limits";
import type { Tx } from "../database";
import { closeFence } from "./run-fence";

/**
 * Runs that a worker may take: queued ones of connections that are idle and not paused, and running ones whose lease
 * has ended.
 *
 * A run that begins finds no rows of documents that were deleted before it was asked for, or it would count them as
 * unchanged. It waits for their removal, but no longer than DELETED_AWAITED_MS: what cannot be removed stops no run.
 */
const CLAIMABLE = `
  SELECT r.id, r.connection_id FROM sync_run r JOIN connection c ON c.id = r.connection_id
  WHERE c.deleted_at IS NULL AND (
    (r.status = 'running' AND r.lease_until < ?1)
    OR (r.status = 'queued' AND c.paused_at IS NULL
      AND NOT EXISTS (
        SELECT 1 FROM sync_run other WHERE other.connection_id = r.connection_id AND other.status = 'running')
      AND (r.queued_at < ?1 - ${DELETED_AWAITED_MS} OR NOT EXISTS (
        SELECT 1 FROM deleted_document x WHERE x.connection_id = r.connection_id))))
  ORDER BY r.status = 'queued', r.queued_at LIMIT 1`;

/** Asks, without a lock, whether a claim could succeed. */
export async function hasClaimableRun({ sql }: Tx, now: number): Promise<boolean> {
  return (await sql.get(CLAIMABLE, now)) !== undefined;
}

export type ClaimedRow = {
  id: string;
  connection_id: string;
  revision: number;
  kind: string;
  plan_run_id: string | null;
};

/**
 * Takes one run for `leaseToken`; null when there is none, or another worker was faster. A run that is resumed keeps
 * its start and its revision. What the worker before has begun to write is written before its run is taken.
 */
export async function claimRun(
  tx: Tx,
  args: { leaseToken: string; leaseUntil: number; now: number },
): Promise<ClaimedRow | null> {
  const { sql } = tx;
  const first = await sql.get<{ id: string; connection_id: string }>(CLAIMABLE, args.now);
  if (!first) return null;
  await closeFence(tx, first.connection_id);
  const found = await sql.get<{ id: string }>(
    `${CLAIMABLE} ${sql.dialect.locking("FOR UPDATE OF r SKIP LOCKED")}`,
    args.now,
  );
  if (found?.id !== first.id) return null;
  await sql.run(
    `UPDATE sync_run SET lease_token = ?, lease_until = ?,
       revision = CASE WHEN status = 'queued'
         THEN (SELECT c.revision FROM connection c WHERE c.id = sync_run.connection_id) ELSE revision END,
       started_at = coalesce(started_at, ?), status = 'running'
     WHERE id = ?`,
    args.leaseToken,
    args.leaseUntil,
    args.now,
    found.id,
  );
  const claimed = await sql.get<ClaimedRow>(
    `SELECT id, connection_id, revision, kind, plan_run_id FROM sync_run WHERE id = ?`,
    found.id,
  );
  return claimed ?? null;
}

/** False when the lease is no longer the caller's. */
export async function renewLease(
  { sql }: Tx,
  args: { runId: string; leaseToken: string; leaseUntil: number },
): Promise<boolean> {
  const { changes } = await sql.run(
    `UPDATE sync_run SET lease_until = ? WHERE id = ? AND lease_token = ? AND status = 'running'`,
    args.leaseUntil,
    args.runId,
    args.leaseToken,
  );
  return changes === 1;
}

/** Ends the leases of a worker that is gone, so that its runs and its batches go on at once elsewhere. */
export async function expireLeases({ sql }: Tx, workerId: string, now: number): Promise<void> {
  const ofWorker = [now - 1, `${workerId}:`, `${workerId};`] as const;
  await sql.run(
    `UPDATE sync_run SET lease_until = ? WHERE status = 'running' AND lease_token >= ? AND lease_token < ?`,
    ...ofWorker,
  );
  await sql.run(
    `UPDATE read_batch SET lease_until = ? WHERE lease_token >= ? AND lease_token < ?`,
    ...ofWorker,
  );
}

export type RunEnding = {
  status: "completed" | "failed" | "canceled";
  errorCode: string | null;
  error: string | null;
  completedAt: number;
};

/** The only way a run ends. False when another worker has it, or it has ended already. */
export async function closeRun(
  { sql }: Tx,
  args: { runId: string; leaseToken: string; ending: RunEnding },
): Promise<boolean> {
  const { status, errorCode, error, completedAt } = args.ending;
  const { changes } = await sql.run(
    `UPDATE sync_run SET status = ?, error_code = ?, error = ?, completed_at = ?, lease_token = NULL,
       lease_until = NULL WHERE id = ? AND lease_token = ? AND status = 'running'`,
    status,
    errorCode,
    error,
    completedAt,
    args.runId,
    args.leaseToken,
  );
  return changes === 1;
}
