import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, labelOf } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { decideHold, type HoldDecision } from "@/lib/holds/decide-hold";
import { requestSync } from "./request-sync";

/** Applies or dismisses removals on hold. Applying queues the run that removes them. */
export async function settleHold(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; decision: HoldDecision };
  now: number;
}): Promise<void> {
  const { actor, tx, input, now } = args;
  const { connectionId, keyCount } = await decideHold({ ...args, decidedBy: labelOf(actor) });
  await recordAudit(tx, {
    actor,
    now,
    action: input.decision === "apply" ? "hold.applied" : "hold.dismissed",
    subject: { kind: "hold", id: input.id },
    after: { connectionId, keyCount },
  });
  if (input.decision === "apply") await requestSync({ actor, tx, now, input: { connectionId } });
}
