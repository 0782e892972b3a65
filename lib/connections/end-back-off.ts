import type { Tx } from "@/lib/db/database";

/** Somebody looks after the connection: the runs that failed so far slow its schedule no longer. */
export async function endBackOff(tx: Tx, connectionId: string): Promise<void> {
  await tx.prisma.connection.updateMany({
    where: { id: connectionId, failureStreak: { gt: 0 } },
    data: { failureStreak: 0 },
  });
}
