import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { closeFence } from "@/lib/db/sql/run-fence";

/**
 * From this moment the connection is gone for everybody, and so are its documents unless they are kept. Its runs
 * write nothing more; a worker removes the rows in batches. Throws `not_found` when it is gone already.
 */
export async function markDisconnected(args: {
  actor: Actor;
  tx: Tx;
  input: { id: string; deleteDocuments: boolean };
  now: number;
}): Promise<{ bucket: string; prefix: string }> {
  const { tx, input, now } = args;
  demandFullAccess(args.actor, "Connections");
  await closeFence(tx, input.id);
  const marked = await tx.prisma.connection.updateMany({
    where: { id: input.id, deletedAt: null },
    data: {
      deletedAt: BigInt(now),
      deletedDocuments: input.deleteDocuments ? "remove" : "keep",
      nextRunAt: null,
      revision: { increment: 1 },
    },
  });
  if (marked.count === 0) throw notFound("Connection");
  await tx.prisma.syncRun.updateMany({
    where: { connectionId: input.id, status: { in: ["queued", "running"] } },
    data: {
      status: "canceled",
      errorCode: "disconnected",
      error: "The connection was removed.",
      completedAt: BigInt(now),
    },
  });
  // The secret is of no use any more, so it does not wait for the batches.
  return tx.prisma.connection.update({
    where: { id: input.id },
    data: { sealedCredentials: "" },
    select: { bucket: true, prefix: true },
  });
}
