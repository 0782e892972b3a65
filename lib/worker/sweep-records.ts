import { MANIFEST_WINDOW_ROWS_MAX, RUN_CHANGES_KEPT_MS, RUNS_KEPT_MS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";

const ROWS_A_SWEEP_MAX = 500;

/** Drops a bounded number of records that are older than they are kept: change rows and runs. */
export async function sweepRecords({ prisma, sql }: Tx, now: number): Promise<void> {
  // What a run that broke had put aside; only a run that goes on reads its own.
  await sql.run(
    `DELETE FROM staged_object WHERE (run_id, key) IN (SELECT run_id, key FROM staged_object
       WHERE run_id NOT IN (SELECT id FROM sync_run WHERE status = 'running') LIMIT ?)`,
    MANIFEST_WINDOW_ROWS_MAX,
  );
  const oldChanges = await prisma.runChange.findMany({
    where: { run: { completedAt: { lt: BigInt(now - RUN_CHANGES_KEPT_MS) } } },
    take: ROWS_A_SWEEP_MAX,
    select: { runId: true, key: true },
  });
  for (const { runId, key } of oldChanges) await prisma.runChange.deleteMany({ where: { runId, key } });
  const oldRuns = await prisma.syncRun.findMany({
    where: { completedAt: { lt: BigInt(now - RUNS_KEPT_MS) } },
    take: ROWS_A_SWEEP_MAX,
    select: { id: true },
  });
  await prisma.syncRun.deleteMany({ where: { id: { in: oldRuns.map(({ id }) => id) } } });
}
