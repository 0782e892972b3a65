import { recordAudit } from "@/lib/audit/record-audit";
import type { Actor } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { cancelRun } from "@/lib/sync-runs/cancel-run";

/** Ends a run by hand and keeps what it has done. Throws `not_found`, and `conflict` when it is over. */
export async function cancelSyncRun(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; connectionId: string };
  now: number;
}): Promise<{ outcome: "canceled" | "asked" }> {
  const { actor, tx, input, now } = args;
  const canceled = await cancelRun(args);
  await recordAudit(tx, {
    actor,
    now,
    action: "sync_run.canceled",
    subject: { kind: "sync_run", id: input.id },
    after: { connectionId: input.connectionId, outcome: canceled.outcome },
  });
  return canceled;
}
