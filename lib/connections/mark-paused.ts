import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";

/**
 * From now on nothing of the connection is queued or claimed, until it is resumed. False when it is paused already.
 * Throws `not_found`.
 */
export async function markPaused(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string };
  now: number;
}): Promise<boolean> {
  return setPausedAt(args, { from: null, to: BigInt(args.now) });
}

/** Back to its schedule: what came due meanwhile is one run. False when it was not paused. Throws `not_found`. */
export async function markResumed(args: { actor: Actor; tx: Tx; input: { id: string } }): Promise<boolean> {
  return setPausedAt(args, { from: { not: null }, to: null });
}

async function setPausedAt(
  { actor, tx, input }: { actor: Actor; tx: Tx; input: { id: string } },
  change: { from: null | { not: null }; to: bigint | null },
): Promise<boolean> {
  demandFullAccess(actor, "Connections");
  const where = { id: input.id, deletedAt: null };
  const { count } = await tx.prisma.connection.updateMany({
    where: { ...where, pausedAt: change.from },
    data: { pausedAt: change.to },
  });
  if (count === 1) return true;
  if ((await tx.prisma.connection.count({ where })) === 0) throw notFound("Connection");
  return false;
}
