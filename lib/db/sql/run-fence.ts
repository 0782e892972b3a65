import { SluiceError } from "@/lib/core/errors";
import type { Tx } from "../database";
import { prepareOnce } from "../sqlite-handle";

/** The run a worker works on, with the token that proves its claim. */
export type RunLease = { runId: string; connectionId: string; leaseToken: string };

/**
 * The first statement of every write of a worker. Rejects with `lease_lost` unless the run is still its own, still
 * running, and still for the present revision of a connection that exists.
 *
 * In SQLite the transaction holds the only write lock, so what is true here stays true until it commits.
 */
export async function demandLease(tx: Tx, lease: RunLease): Promise<void> {
  const row = prepareOnce(
    tx.handle,
    `SELECT 1 FROM sync_run r JOIN connection c ON c.id = r.connection_id
     WHERE r.id = ? AND r.lease_token = ? AND r.status = 'running'
       AND r.revision = c.revision AND c.deleted_at IS NULL`,
  ).get(lease.runId, lease.leaseToken);
  if (row) return;
  throw new SluiceError({
    code: "lease_lost",
    effect: "stop",
    message: "This run was canceled, or another worker has taken it over.",
  });
}
