import type { RunStatus } from "./run-status";
import type { Tally } from "./tally";

export const FLOW_STAGES = ["list", "compare", "fetch", "extract", "store"] as const;
export type FlowStageName = (typeof FLOW_STAGES)[number];

/** `waiting` is hollow: nothing has come through it, or it is not known whether anything has. */
export type FlowState = "waiting" | "running" | "done" | "failed" | "stopped";

export type FlowStage = {
  name: FlowStageName;
  state: FlowState;
  /** How full the channel is, 0 to 1; null where the whole is not known yet. */
  share: number | null;
  /** What came through, in objects; null where nobody counts it. */
  count: number | null;
};

/** Only numbers that a run row has; nothing is guessed. */
export type FlowFacts = {
  status: RunStatus;
  startedAt: number | null;
  completedAt: number | null;
  listedAt: number | null;
  errorCode: string | null;
  tally: Tally;
  getRequests: number;
  bytesRead: number;
};

/**
 * The five channels of a run, from its numbers alone.
 *
 *   stage     count                     full when
 *   list      listed                    the whole bucket has been listed
 *   compare   listed                    the same: a page is compared in the transaction that takes it in
 *   fetch     objects asked for         no object is left to read, once the listing is complete
 *   extract   only known at the end     as store; while it runs its fill is what store has proved
 *   store     new + changed + re-tagged no object is left to read
 *
 * A run that found nothing to read leaves the last three hollow: nothing flowed through them.
 */
export function flowOf(facts: FlowFacts): FlowStage[] {
  const { tally, status } = facts;
  const { pending } = tally;
  const isListed = status === "completed" || facts.listedAt !== null;
  const stored = tally.added + tally.updated + tally.retagged;
  const ofAll = (done: number) => (isListed ? ratio(done, done + pending) : null);
  const isOver = status === "completed";
  const read = tally.added + tally.updated;
  const stages: FlowStage[] = [
    { name: "list", count: tally.listed, share: isListed ? 1 : null, state: "waiting" },
    { name: "compare", count: tally.listed, share: isListed ? 1 : null, state: "waiting" },
    { name: "fetch", count: facts.getRequests, share: ofAll(facts.getRequests), state: "waiting" },
    { name: "extract", count: isOver ? read : null, share: ofAll(read), state: "waiting" },
    { name: "store", count: stored, share: ofAll(stored), state: "waiting" },
  ];
  const broken = status === "failed" ? failedStage(facts.errorCode, isListed) : null;
  return stages.map((stage) => ({ ...stage, state: stateOf(stage, facts, isListed, broken) }));
}

function stateOf(
  stage: FlowStage,
  facts: FlowFacts,
  isListed: boolean,
  broken: FlowStageName | null,
): FlowState {
  if (facts.status === "queued") return "waiting";
  if (stage.name === broken) return "failed";
  const isListing = stage.name === "list" || stage.name === "compare";
  const isTouched = (stage.count ?? 0) > 0 || (stage.share ?? 0) > 0;
  if (isListing && isListed) return "done";
  if (facts.status === "completed") return isTouched ? "done" : "waiting";
  if (facts.status === "running") return isListing || isTouched ? "running" : "waiting";
  return isTouched ? "stopped" : "waiting";
}

/** Where a failed run broke, as far as its error code tells. */
export function failedStage(errorCode: string | null, isListed: boolean): FlowStageName {
  if (errorCode === "destination") return "store";
  if (errorCode === "extract_failed" || errorCode === "extract_timeout") return "extract";
  return isListed ? "fetch" : "list";
}

export type FlowRates = {
  keysPerSecond: number | null;
  bytesPerSecond: number | null;
  /** Only once the listing is complete: before, nobody knows how much there is to read. */
  msLeft: number | null;
};

/** Averages since the run began. `now` counts only while it runs. */
export function flowRates(facts: FlowFacts, now: number): FlowRates {
  if (facts.startedAt === null) return { keysPerSecond: null, bytesPerSecond: null, msLeft: null };
  const spentMs = Math.max(1, (facts.completedAt ?? now) - facts.startedAt);
  const listingMs = Math.max(1, (facts.listedAt ?? facts.completedAt ?? now) - facts.startedAt);
  const { tally } = facts;
  const { pending } = tally;
  const stored = tally.added + tally.updated;
  const isListed = facts.listedAt !== null;
  const canTell = facts.status === "running" && isListed && stored > 0 && pending > 0;
  return {
    keysPerSecond: tally.listed > 0 ? (tally.listed * 1_000) / listingMs : null,
    bytesPerSecond: facts.bytesRead > 0 ? (facts.bytesRead * 1_000) / spentMs : null,
    msLeft: canTell ? (pending * spentMs) / stored : null,
  };
}

function ratio(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, part / whole);
}
