import { DUE_CONNECTIONS_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { nextRunAt, scheduleOf } from "@/lib/rules/schedule";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";

export type ScheduleArgs = { database: Database; now: number; random: () => number; signal: AbortSignal };

/**
 * Queues a run for every connection whose time has come; resolves with how many. Runs missed while nothing worked
 * are one run. The next time is moved by one conditional write, so of two workers one queues. Where a plan has the
 * queue, the time stays and the run is queued at the next look; paused connections wait until they are resumed.
 *
 * A transaction each, those that have waited longest first: ten thousand may be due at once.
 */
export async function scheduleDue(args: ScheduleArgs): Promise<number> {
  let queued = 0;
  let after: DueConnection | null = null;
  for (;;) {
    const due: DueConnection[] = await args.database.reading((tx) => findDue(tx, args.now, after));
    for (const connection of due) {
      if (args.signal.aborted) return queued;
      if (await args.database.transaction((tx) => queueDue(tx, connection, args))) queued += 1;
    }
    after = due.at(-1) ?? null;
    if (due.length < DUE_CONNECTIONS_MAX) return queued;
  }
}

type DueConnection = Awaited<ReturnType<typeof findDue>>[number];

/** The next of them, in the order of their times; those of one time in the order of their ids. */
function findDue({ prisma }: Tx, now: number, after: { id: string; nextRunAt: bigint | null } | null) {
  const isAfter =
    after === null || after.nextRunAt === null
      ? {}
      : {
          OR: [{ nextRunAt: { gt: after.nextRunAt } }, { nextRunAt: after.nextRunAt, id: { gt: after.id } }],
        };
  return prisma.connection.findMany({
    where: { deletedAt: null, pausedAt: null, nextRunAt: { lte: BigInt(now) }, ...isAfter },
    orderBy: [{ nextRunAt: "asc" }, { id: "asc" }],
    take: DUE_CONNECTIONS_MAX,
  });
}

async function queueDue(tx: Tx, connection: DueConnection, { now, random }: ScheduleArgs): Promise<boolean> {
  const { id, failureStreak } = connection;
  const next = nextRunAt(scheduleOf(connection), now, random(), failureStreak);
  const claimed = await tx.prisma.connection.updateMany({
    where: { id, nextRunAt: connection.nextRunAt, deletedAt: null, pausedAt: null },
    data: { nextRunAt: next === null ? null : BigInt(next) },
  });
  if (claimed.count !== 1) return false;
  const input = { connectionId: id, trigger: "cron", requestedBy: "schedule" } as const;
  const { outcome } = await enqueueRun({ tx, input, now });
  if (outcome === "refused") {
    await tx.prisma.connection.update({ where: { id }, data: { nextRunAt: connection.nextRunAt } });
  }
  return outcome === "queued";
}
