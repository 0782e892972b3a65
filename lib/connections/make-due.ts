import type { Tx } from "@/lib/db/database";

/** The connection's next run is due at once, or as soon as it is resumed: for a run that is owed. */
export async function makeDue(tx: Tx, connectionId: string, now: number): Promise<void> {
  await tx.prisma.connection.update({ where: { id: connectionId }, data: { nextRunAt: BigInt(now) } });
}
