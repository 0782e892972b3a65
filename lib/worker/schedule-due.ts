import type { Tx } from "@/lib/db/database";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";

/**
 * Queues a run for every connection whose time has come; resolves with how many. Runs missed while nothing worked
 * are one run. The next time is moved by one conditional write, so of two workers one queues.
 */
export async function scheduleDue(tx: Tx, now: number, random: () => number): Promise<number> {
  const due = await tx.prisma.connection.findMany({
    where: { deletedAt: null, nextRunAt: { lte: BigInt(now) } },
    orderBy: { nextRunAt: "asc" },
    take: CONNECTIONS_A_TICK_MAX,
  });
  let queued = 0;
  for (const connection of due) {
    const next = nextRunAt(scheduleOf(connection), now, random());
    const claimed = await tx.prisma.connection.updateMany({
      where: { id: connection.id, nextRunAt: connection.nextRunAt, deletedAt: null },
      data: { nextRunAt: next === null ? null : BigInt(next) },
    });
    if (claimed.count !== 1) continue;
    const input = { connectionId: connection.id, trigger: "cron", requestedBy: "schedule" } as const;
    const { outcome } = await enqueueRun({ tx, input, now });
    if (outcome === "queued") queued += 1;
  }
  return queued;
}

const CONNECTIONS_A_TICK_MAX = 100;
