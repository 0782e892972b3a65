import { SluiceError } from "@/lib/core/errors";
import type { Tx } from "../database";
import { holdAlone, holdTogether } from "./locks";

/** The run a worker works on, with the token that proves its claim. */
export type RunLease = { runId: string; connectionId: string; leaseToken: string };

/**
 * The first statement of every write of a worker. Rejects with `lease_lost` unless the run is still its own, still
 * running, and still for the present revision of a connection that exists.
 *
 * What is true here stays true until the transaction commits, since whoever changes it closes the fence first.
 */
export async function demandLease(tx: Tx, lease: RunLease): Promise<void> {
  const [, row] = await Promise.all([
    enterFence(tx, lease.connectionId),
    tx.sql.get(
      `SELECT 1 AS held FROM sync_run r JOIN connection c ON c.id = r.connection_id
       WHERE r.id = ? AND r.lease_token = ? AND r.status = 'running'
         AND r.revision = c.revision AND c.deleted_at IS NULL`,
      lease.runId,
      lease.leaseToken,
    ),
  ]);
  if (row) return;
  throw new SluiceError({
    code: "lease_lost",
    effect: "stop",
    message: "This run was canceled, or another worker has taken it over.",
  });
}

/** Before a worker looks whether it may write for a connection: several may write at once. */
export function enterFence(tx: Tx, connectionId: string): Promise<void> {
  return holdTogether(tx, fenceOf(connectionId));
}

/**
 * Before anything changes that decides who may write for a connection: its revision, its end, who works on its run. No
 * worker writes from here until the transaction ends. To be taken before any row is changed or locked, or two
 * transactions could wait for each other.
 */
export function closeFence(tx: Tx, connectionId: string): Promise<void> {
  return holdAlone(tx, fenceOf(connectionId));
}

const fenceOf = (connectionId: string) => `fence ${connectionId}`;
