import type { Tx } from "@/lib/db/database";
import { countRun } from "@/lib/db/sql/run-records";
import { SKIP_REASONS, type Tally } from "@/lib/rules/tally";

/** The run's tally as the database has it now: from its ranges and its change rows, and from nothing else. */
export async function readRunTally(tx: Tx, runId: string): Promise<Tally> {
  const counts = await countRun(tx, runId);
  const changes = (kind: string) => counts.changes[kind] ?? 0;
  const skipped: Tally["skipped"] = {};
  for (const reason of SKIP_REASONS) {
    const count = counts.skipped[reason] ?? 0;
    if (count > 0) skipped[reason] = count;
  }
  return {
    listed: counts.listed,
    added: changes("added"),
    updated: changes("updated"),
    retagged: changes("retagged"),
    unchanged: counts.unchanged,
    skipped,
    overLimit: counts.overLimit,
    failed: counts.failedBefore + changes("failed"),
    removed: changes("removed"),
    onHold: changes("on_hold"),
  };
}
