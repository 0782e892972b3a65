import { newId } from "@/lib/core/ids";
import { LEASE_MS } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { type ClaimedRow, claimRun, hasClaimableRun } from "@/lib/db/sql/claims";
import type { RunLease } from "@/lib/db/sql/run-fence";
import { RUN_KINDS, type RunKind } from "@/lib/rules/run-status";
import { type ClaimedConnection, findClaimedConnection } from "./claimed-connection";

/** A run this worker may work on, with everything that was true when it was claimed. */
export type ClaimedRun = {
  lease: RunLease;
  kind: RunKind;
  /** The run whose plan it applies. */
  planRunId: string | null;
  connection: ClaimedConnection;
  /** False when the connection has changed since the run began: it is to be canceled. */
  isCurrent: boolean;
};

/** Claims the run that has waited longest, if there is one. Runs whose worker died come first. */
export async function claimNextRun(args: {
  database: Database;
  workerId: string;
  now: number;
}): Promise<ClaimedRun | null> {
  const { database, workerId, now } = args;
  if (!(await database.reading((tx) => hasClaimableRun(tx, now)))) return null;
  const leaseToken = `${workerId}:${newId()}`;
  return database.transaction(async (tx) => {
    const row = await claimRun(tx, { leaseToken, leaseUntil: now + LEASE_MS, now });
    return row && claimedRunOf(tx, row, leaseToken);
  });
}

async function claimedRunOf(tx: Tx, row: ClaimedRow, leaseToken: string): Promise<ClaimedRun | null> {
  const kind = RUN_KINDS.find((known) => known === row.kind) ?? "sync";
  if (kind === "reread") await forgetOrder(tx, row);
  const connection = await findClaimedConnection(tx, row.connection_id);
  if (connection === null) return null;
  await tx.prisma.syncRun.update({
    where: { id: row.id },
    data: { settings: JSON.stringify(connection.settings) },
    select: { id: true },
  });
  return {
    lease: { runId: row.id, connectionId: row.connection_id, leaseToken },
    kind,
    planRunId: row.plan_run_id,
    connection,
    isCurrent: row.revision === connection.revision,
  };
}

/**
 * A run that reads everything anew, perhaps from another store, finds out anew whether that lists in order. One that has
 * begun to list goes on with what it has found.
 */
async function forgetOrder({ prisma }: Tx, { id, connection_id }: ClaimedRow): Promise<void> {
  await prisma.connection.updateMany({
    where: {
      id: connection_id,
      listingOrder: { not: "sorted" },
      runs: { some: { id, listingStartedAt: null } },
    },
    data: { listingOrder: "sorted" },
  });
}
