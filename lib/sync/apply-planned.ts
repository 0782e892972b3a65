import { admitWindow, type Places } from "./admit";
import type { PlannedChange, RangeProgress, WindowRecord } from "./manifest";
import type { Change } from "./plan";
import type { PlanStore } from "./run-store";

type PlannedKind = PlannedChange["kind"];

/** The line that a change would have in a plan; null for what changes nothing. */
const LINE_OF: Record<Change["kind"], PlannedKind | null> = {
  add: "added",
  update: "updated",
  retag: "retagged",
  skip: "skipped",
  fail: "failed",
  unchanged: null,
  still_failed: null,
  settled: null,
  absent: null,
};

/**
 * A window of a run that applies a plan: only the changes that stand in both, for the same version, are admitted. New
 * keys of the plan without a free place are promised one that its removals free. The others have drifted since the plan
 * was made; each is reported as such, and the next sync decides about it.
 */
export async function applyPlanned(
  store: Pick<PlanStore, "readPlanned">,
  window: { changes: readonly Change[]; places: Places; afterKey: string; progress: RangeProgress },
): Promise<WindowRecord> {
  const { afterKey, progress } = window;
  const untilKey = progress.isClosed ? null : progress.cursorKey;
  const lines = new Map((await store.readPlanned({ afterKey, untilKey })).map((line) => [line.key, line]));
  const admitted: Change[] = [];
  const promised: string[] = [];
  const drifted: WindowRecord["drifted"] = [];
  let free = window.places.free;
  for (const change of window.changes) {
    const isPlanned = standsInPlan(change, lines);
    // What was over the limit has no line; it still is, unless places have come free.
    const isOverLimit = change.kind === "add" && !isPlanned && free <= 0;
    if (change.kind === "add" && isPlanned) {
      if (free <= 0) promised.push(change.object.key);
      free -= 1;
    }
    if (isPlanned || isOverLimit || change.kind === "absent") admitted.push(change);
    else drifted.push(change.object);
  }
  const record = admitWindow(admitted, window.places, progress);
  record.promised = promised;
  record.drifted = drifted;
  record.counts.listed += drifted.length;
  return record;
}

function standsInPlan(change: Change, lines: ReadonlyMap<string, PlannedChange>): boolean {
  const kind = LINE_OF[change.kind];
  // Removals are settled after the listing, by their marks.
  if (kind === null || change.kind === "absent") return true;
  if (change.kind === "skip" && change.isKnown) return true;
  const line = lines.get(change.object.key);
  if (line === undefined) return false;
  if (change.kind === "skip" && change.leavesScope) return line.kind === "removed";
  return line.kind === kind && line.etag === change.object.etag;
}
