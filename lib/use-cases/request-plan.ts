import { recordAudit } from "@/lib/audit/record-audit";
import { endBackOff } from "@/lib/connections/end-back-off";
import { type Actor, demandFullAccess, labelOf } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { demandRun } from "@/lib/sync-runs/enqueue-run";
import type { Requested } from "./request-sync";

/**
 * Asks for a run that lists the bucket, writes down what a sync would do, and does nothing. Throws `not_found`, and
 * `conflict` while the connection is paused or another run of it waits.
 */
export async function requestPlan(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string };
  now: number;
}): Promise<Requested> {
  const { actor, tx, now } = args;
  const { connectionId } = args.input;
  demandFullAccess(actor, "Connections");
  const requested = await demandRun({
    tx,
    now,
    input: { connectionId, kind: "plan", trigger: "manual", requestedBy: labelOf(actor) },
  });
  await endBackOff(tx, connectionId, now);
  await recordAudit(tx, {
    actor,
    now,
    action: "plan.requested",
    subject: { kind: "sync_run", id: requested.runId },
    after: { connectionId },
  });
  return requested;
}
