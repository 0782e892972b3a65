import type { KeptDays } from "@/lib/core/env";
import { PLAN_KEPT_MS, ROWS_A_SWEEP_MAX, RUNS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { sweepChanges, sweepHoldKeys, sweepHolds, sweepStaged } from "@/lib/db/sql/sweeps";

/** Drops a bounded number of records that are older than they are kept; says whether there may be more of them. */
export async function sweepRecords(tx: Tx, now: number, keep: KeptDays): Promise<boolean> {
  const { prisma } = tx;
  const dropped = [
    await sweepStaged(tx, ROWS_A_SWEEP_MAX),
    await sweepHoldKeys(tx, ROWS_A_SWEEP_MAX),
    await sweepHolds(tx, ROWS_A_SWEEP_MAX),
    await sweepChanges(tx, {
      endedBefore: now - keep.changes * DAY_MS,
      plannedBefore: now - PLAN_KEPT_MS,
      countMax: ROWS_A_SWEEP_MAX,
    }),
  ];
  const oldRuns = await prisma.syncRun.findMany({
    where: { completedAt: { lt: BigInt(now - keep.runs * DAY_MS) } },
    take: RUNS_A_SWEEP_MAX,
    select: { id: true },
  });
  await prisma.syncRun.deleteMany({ where: { id: { in: oldRuns.map(({ id }) => id) } } });
  return dropped.some((count) => count === ROWS_A_SWEEP_MAX) || oldRuns.length === RUNS_A_SWEEP_MAX;
}

const DAY_MS = 24 * 60 * 60 * 1000;
