import { DUE_CONNECTIONS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";

/**
 * Queues a run for every connection whose time has come; resolves with how many. Runs missed while nothing worked
 * are one run. The next time is moved by one conditional write, so of two workers one queues. Where a plan has the
 * queue, the time stays and the run is queued at the next look; paused connections wait until they are resumed.
 */
export async function scheduleDue(tx: Tx, now: number, random: () => number): Promise<number> {
  const due = await tx.prisma.connection.findMany({
    where: { deletedAt: null, pausedAt: null, nextRunAt: { lte: BigInt(now) } },
    orderBy: { nextRunAt: "asc" },
    take: DUE_CONNECTIONS_MAX,
  });
  let queued = 0;
  for (const connection of due) {
    const { id, failureStreak } = connection;
    const next = nextRunAt(scheduleOf(connection), now, random(), failureStreak);
    const claimed = await tx.prisma.connection.updateMany({
      where: { id, nextRunAt: connection.nextRunAt, deletedAt: null, pausedAt: null },
      data: { nextRunAt: next === null ? null : BigInt(next) },
    });
    if (claimed.count !== 1) continue;
    const input = { connectionId: id, trigger: "cron", requestedBy: "schedule" } as const;
    const { outcome } = await enqueueRun({ tx, input, now });
    if (outcome === "queued") queued += 1;
    if (outcome === "refused") {
      await tx.prisma.connection.update({ where: { id }, data: { nextRunAt: connection.nextRunAt } });
    }
  }
  return queued;
}
