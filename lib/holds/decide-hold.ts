import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound, SluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { keepHeldDocuments } from "@/lib/db/sql/holds";

export type HoldDecision = "apply" | "dismiss";

/**
 * Takes a person's decision on removals that wait.
 *
 *   apply     approved: the next run proves every key again and removes what is still gone
 *   dismiss   those documents stay, and nobody is asked again until their objects return
 *
 * Throws `not_found`, or `conflict` when somebody has decided already.
 */
export async function decideHold(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; decision: HoldDecision };
  decidedBy: string;
  now: number;
}): Promise<{ connectionId: string; keyCount: number }> {
  demandFullAccess(args.actor, "Removals on hold");
  const { prisma } = args.tx;
  const { id, decision } = args.input;
  const hold = await prisma.hold.findUnique({
    where: { id },
    include: { _count: { select: { keys: true } } },
  });
  if (!hold) throw notFound("Hold");
  const decided = await prisma.hold.updateMany({
    where: { id, status: "open" },
    data: {
      status: decision === "apply" ? "approved" : "dismissed",
      decidedAt: BigInt(args.now),
      decidedBy: args.decidedBy,
    },
  });
  if (decided.count !== 1) {
    throw new SluiceError({
      code: "conflict",
      effect: "stop",
      message: "These removals were decided on already.",
    });
  }
  if (decision === "dismiss") await keepHeldDocuments(args.tx, id);
  return { connectionId: hold.connectionId, keyCount: hold._count.keys };
}
