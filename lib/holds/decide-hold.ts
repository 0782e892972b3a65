import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { conflict } from "@/lib/core/errors";
import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { keepNextHeld } from "@/lib/db/sql/holds";
import { closeFence } from "@/lib/db/sql/run-fence";

export type HoldDecision = "apply" | "dismiss";

/**
 * Takes a person's decision on removals that wait: on those that the run `runId` has listed, and on no others.
 *
 *   apply     approved: the next run proves every key again and removes what is still gone
 *   dismiss   those documents stay, and nobody is asked again until their objects return. Where they are many, the
 *             next run begins with marking the rest of them, and one that is under way leaves them alone
 *
 * Throws `conflict` when that list waits no more: somebody has decided, or a later run has made another.
 */
export async function decideHold(args: {
  actor: Actor;
  tx: Tx;
  input: { connectionId: string; runId: string; decision: HoldDecision };
  decidedBy: string;
  now: number;
}): Promise<void> {
  const { actor, tx } = args;
  const { connectionId, runId, decision } = args.input;
  demandFullAccess(actor, "Removals on hold");
  // A run that is about to put another list in the place of this one does so before or after.
  await closeFence(tx, connectionId);
  const open = { connectionId, runId, status: "open" };
  const hold = await tx.prisma.hold.findFirst({ where: open, select: { id: true } });
  if (!hold) throw listHasChanged();
  const decided = await tx.prisma.hold.updateMany({
    where: { ...open, id: hold.id },
    data: {
      status: decision === "apply" ? "approved" : "dismissing",
      decidedAt: BigInt(args.now),
      decidedBy: args.decidedBy,
    },
  });
  if (decided.count !== 1) throw listHasChanged();
  if (decision === "dismiss") await keepNextHeld(tx, { id: hold.id, connectionId }, ABSENT_PIECE_KEYS);
}

function listHasChanged() {
  return conflict(
    "The list of removals has changed since it was shown. Look at the connection again, then decide.",
  );
}
