import type { Tx } from "@/lib/db/database";
import { countRun } from "@/lib/db/sql/run-records";
import { accountedFor, SKIP_REASONS, type Tally, withPending } from "@/lib/rules/tally";

/**
 * The run's tally as the database has it now: from its ranges and its change rows, and from nothing else. While a
 * listing that had to begin anew has not come as far as the first one, the objects of that one are its objects.
 */
export async function readRunTally(tx: Tx, runId: string): Promise<Tally> {
  const run = await tx.prisma.syncRun.findUnique({ where: { id: runId }, select: { listedAt: true } });
  const isListed = run !== null && run.listedAt !== null;
  const counts = await countRun(tx, runId);
  const changes = (kind: string) => counts.changes[kind] ?? 0;
  const skipped: Tally["skipped"] = {};
  for (const reason of SKIP_REASONS) {
    const count = counts.skipped[reason] ?? 0;
    if (count > 0) skipped[reason] = count;
  }
  const counted = {
    listed: counts.listed,
    added: changes("added"),
    updated: changes("updated"),
    retagged: changes("retagged"),
    unchanged: counts.unchanged,
    skipped,
    // Until the listing is complete, what is parked in a range that does not lead may still get a place.
    overLimit: counts.overLimit + (isListed ? counts.parked : 0),
    failed: changes("failed"),
    removed: changes("removed"),
    onHold: changes("on_hold"),
  };
  const listed = isListed ? counted.listed : Math.max(counted.listed, accountedFor(counted));
  return withPending({ ...counted, listed });
}
