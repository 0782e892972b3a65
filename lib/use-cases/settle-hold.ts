import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, labelOf } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { decideHold, type HoldDecision } from "@/lib/holds/decide-hold";
import { getOpenHold } from "@/lib/holds/get-open-hold";
import { type Requested, requestSync } from "./request-sync";

/** How many documents it was about, and the run that removes them; null where they are kept. */
export type SettledHold = { keyCount: number; run: Requested | null };

/**
 * Applies or dismisses removals on hold. `runId` is the run whose list was looked at; without it the decision is about
 * the list that waits, whichever it is. Applying queues the run that removes them.
 *
 * Throws `not_found`, and `conflict` when nothing waits, when what waits is not the list that was looked at, or when
 * the run cannot be queued.
 */
export async function settleHold(args: {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: { connectionId: string; decision: HoldDecision; runId?: string };
  now: number;
}): Promise<SettledHold> {
  const { actor, now } = args;
  const { connectionId, decision } = args.input;
  // Counted ahead: a list may have a million keys, and it stays as it is.
  const { id, ...seen } = await args.read((tx) => getOpenHold({ actor, tx, input: { connectionId } }));
  const runId = args.input.runId ?? seen.runId;
  return args.write(async (tx) => {
    const input = { connectionId, runId, decision };
    await decideHold({ actor, tx, input, decidedBy: labelOf(actor), now });
    await recordAudit(tx, {
      actor,
      now,
      action: decision === "apply" ? "hold.applied" : "hold.dismissed",
      subject: { kind: "hold", id },
      after: { connectionId, ...seen },
    });
    const run = decision === "apply" ? await requestSync({ actor, tx, now, input: { connectionId } }) : null;
    return { keyCount: seen.keyCount, run };
  });
}
