import type { Tx } from "@/lib/db/database";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";

/**
 * Somebody looks after the connection: the runs that failed so far slow its schedule no longer. A next run that was
 * put off comes as soon as the schedule's own distance from now, whatever becomes of the run that was asked for.
 */
export async function endBackOff({ prisma }: Tx, connectionId: string, now: number): Promise<void> {
  const slowed = await prisma.connection.updateMany({
    where: { id: connectionId, failureStreak: { gt: 0 } },
    data: { failureStreak: 0 },
  });
  if (slowed.count === 0) return;
  const connection = await prisma.connection.findUniqueOrThrow({ where: { id: connectionId } });
  const own = nextRunAt(scheduleOf(connection), now, IN_THE_MIDDLE, 0);
  if (own === null) return;
  await prisma.connection.updateMany({
    where: { id: connectionId, nextRunAt: { gt: BigInt(own) } },
    data: { nextRunAt: BigInt(own) },
  });
}

/** A person has asked at a moment of their own: there is nothing to spread. */
const IN_THE_MIDDLE = 0.5;
