import { SluiceError } from "@/lib/core/errors";
import type { Tx } from "../database";

/** The run a worker works on, with the token that proves its claim. */
export type RunLease = { runId: string; connectionId: string; leaseToken: string };

/**
 * The first statement of every write of a worker. Rejects with `lease_lost` unless the run is still its own, still
 * running, and still for the present revision of a connection that exists.
 *
 * What is true here stays true until the transaction commits: in SQLite it has the only write lock, in PostgreSQL
 * it shares a lock on both rows, and whoever changes them waits.
 */
export async function demandLease({ sql }: Tx, lease: RunLease): Promise<void> {
  const row = await sql.get(
    `SELECT 1 AS held FROM sync_run r JOIN connection c ON c.id = r.connection_id
     WHERE r.id = ? AND r.lease_token = ? AND r.status = 'running'
       AND r.revision = c.revision AND c.deleted_at IS NULL
     ${sql.dialect.locking("FOR SHARE")}`,
    lease.runId,
    lease.leaseToken,
  );
  if (row) return;
  throw new SluiceError({
    code: "lease_lost",
    effect: "stop",
    message: "This run was canceled, or another worker has taken it over.",
  });
}
