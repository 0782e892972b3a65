import { DAY_MS } from "@/lib/core/clock";
import type { KeptDays } from "@/lib/core/env";
import { PLAN_KEPT_MS, ROWS_A_SWEEP_MAX, RUNS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "@/lib/db/database";
import { dropChanges } from "@/lib/db/sql/run-records";
import { dropStaged } from "@/lib/db/sql/staged";
import {
  dropEmptyHolds,
  dropKeysOfHold,
  findBrokenStagings,
  findOldChanges,
  findOldRuns,
  findSettledHolds,
} from "@/lib/db/sql/sweeps";

export type SweepArgs = {
  database: Database;
  now: number;
  keep: KeptDays;
  signal: AbortSignal;
};

/**
 * Drops the records that are older than they are kept, in short transactions; what the signal cuts is left to the next.
 */
export async function sweepRecords(args: SweepArgs): Promise<void> {
  const { now, keep } = args;
  const runsBefore = now - keep.runs * DAY_MS;
  // With its run a change row goes in any case, and a million of them would be one transaction.
  const endedBefore = Math.max(now - keep.changes * DAY_MS, runsBefore);
  const plannedBefore = now - PLAN_KEPT_MS;
  await dropEach(args, findBrokenStagings, dropStaged);
  await dropEach(args, findSettledHolds, dropKeysOfHold);
  await dropInPieces(args, dropEmptyHolds);
  await dropEach(
    args,
    (tx, countMax) => findOldChanges(tx, { endedBefore, plannedBefore }, countMax),
    dropChanges,
  );
  await dropEach(args, (tx, countMax) => findOldRuns(tx, runsBefore, countMax), dropRun);
}

/** Of everything that is found, drops the rows in pieces. */
async function dropEach(
  args: SweepArgs,
  find: (tx: Tx, countMax: number) => Promise<string[]>,
  drop: (tx: Tx, id: string, countMax: number) => Promise<number>,
): Promise<void> {
  for (let isMore = true; isMore && !args.signal.aborted; ) {
    const ids = await args.database.reading((tx) => find(tx, RUNS_A_SWEEP_MAX));
    for (const id of ids) await dropInPieces(args, (tx, countMax) => drop(tx, id, countMax));
    isMore = ids.length === RUNS_A_SWEEP_MAX;
  }
}

async function dropInPieces(
  { database, signal }: SweepArgs,
  drop: (tx: Tx, countMax: number) => Promise<number>,
): Promise<void> {
  const countMax = ROWS_A_SWEEP_MAX;
  while (!signal.aborted && (await database.transaction((tx) => drop(tx, countMax))) === countMax);
}

async function dropRun({ prisma }: Tx, id: string): Promise<number> {
  return (await prisma.syncRun.deleteMany({ where: { id } })).count;
}
