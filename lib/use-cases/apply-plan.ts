import { recordAudit } from "@/lib/audit/record-audit";
import { endBackOff } from "@/lib/connections/end-back-off";
import { type Actor, labelOf } from "@/lib/core/actor";
import { conflict, notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { lockQueue } from "@/lib/db/sql/run-queue";
import { demandRun } from "@/lib/sync-runs/enqueue-run";
import { getPlanState } from "@/lib/sync-runs/get-plan";
import type { Requested } from "./request-sync";

/**
 * Asks for a run that does what a plan says and still holds, its removals included, and nothing else. Throws
 * `not_found`, and `conflict` when the plan has expired, is of other settings, did not complete or was applied, or
 * when the connection is paused or another run of it waits.
 */
export async function applyPlan(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; planRunId: string };
  now: number;
}): Promise<Requested> {
  const { actor, tx, input, now } = args;
  const { connectionId, planRunId } = input;
  // Of two that apply at once, one waits here and then finds the plan applied.
  await lockQueue(tx, connectionId);
  const { run, problem } = await getPlanState({ actor, tx, now, input: { runId: planRunId } });
  if (run.connectionId !== connectionId) throw notFound("Plan");
  if (problem !== null) throw conflict(problem);
  const requested = await demandRun({
    tx,
    now,
    input: { connectionId, kind: "apply", planRunId, trigger: "manual", requestedBy: labelOf(actor) },
  });
  await endBackOff(tx, connectionId, now);
  const { added, updated, retagged, removed, onHold } = run.tally;
  await recordAudit(tx, {
    actor,
    now,
    action: "plan.applied",
    subject: { kind: "sync_run", id: requested.runId },
    after: { connectionId, planRunId, added, updated, retagged, removed, onHold },
  });
  return requested;
}
