import { type Actor, demandFullAccess, labelOf } from "@/lib/core/actor";
import { conflict, notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";

/**
 * Ends a run and keeps what it has done.
 *
 *   run       then
 *   queued    canceled at once
 *   running   its worker is asked to end it and stops reading within about two seconds; asking again changes nothing
 *   over      refused as `conflict`
 *
 * Throws `not_found`, also when the run is of another connection.
 */
export async function cancelRun(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; connectionId: string };
  now: number;
}): Promise<{ outcome: "canceled" | "asked" }> {
  const { actor, tx, input, now } = args;
  demandFullAccess(actor, "Sync runs");
  const run = await tx.prisma.syncRun.findFirst({
    where: { ...input, connection: { deletedAt: null } },
    select: { id: true },
  });
  if (!run) throw notFound("Sync run");
  const ending = { errorCode: "canceled", error: `Canceled by ${labelOf(actor)} before it began.` };
  const canceled = await tx.prisma.syncRun.updateMany({
    where: { id: run.id, status: "queued" },
    data: { status: "canceled", completedAt: BigInt(now), cancelAskedAt: BigInt(now), ...ending },
  });
  if (canceled.count === 1) return { outcome: "canceled" };
  // After the queue it can only be running or over.
  const asked = await tx.prisma.syncRun.updateMany({
    where: { id: run.id, status: "running", cancelAskedAt: null },
    data: { cancelAskedAt: BigInt(now) },
  });
  if (asked.count === 1) return { outcome: "asked" };
  const isRunning = (await tx.prisma.syncRun.count({ where: { id: run.id, status: "running" } })) === 1;
  if (isRunning) return { outcome: "asked" };
  throw conflict("This run is over, so there is nothing to cancel.");
}
