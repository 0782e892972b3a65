/** Why an object of the listing has no document. `over_limit` is counted on its own. */
export const SKIP_REASONS = [
  "directory_marker",
  "empty",
  "too_large",
  "unsupported_type",
  "filtered",
  "archived",
  "deleted_by_person",
  "no_tag",
  "vanished",
  "drifted",
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What a run found and did, in objects. `skipped` is by reason; reasons with none are left out. */
export type Tally = {
  listed: number;
  added: number;
  updated: number;
  retagged: number;
  unchanged: number;
  skipped: Partial<Record<SkipReason, number>>;
  overLimit: number;
  failed: number;
  /** Yet to be read: of a run that goes on, or that ended before it came to them. None when it is completed. */
  pending: number;
  /** Beside the equation: documents whose objects are gone. */
  removed: number;
  onHold: number;
};

type Counted = Omit<Tally, "pending">;

export const EMPTY_TALLY: Tally = {
  listed: 0,
  added: 0,
  updated: 0,
  retagged: 0,
  unchanged: 0,
  skipped: {},
  overLimit: 0,
  failed: 0,
  pending: 0,
  removed: 0,
  onHold: 0,
};

export function skippedCount(tally: Counted): number {
  return Object.values(tally.skipped).reduce((sum, count) => sum + count, 0);
}

/** The objects of which the run has said what becomes of them: each is exactly one of these. */
export function accountedFor(tally: Counted): number {
  const { added, updated, retagged, unchanged, overLimit, failed } = tally;
  return added + updated + retagged + unchanged + skippedCount(tally) + overLimit + failed;
}

/** What is listed and not accounted for is yet to be read. */
export function withPending(counted: Counted): Tally {
  return { ...counted, pending: Math.max(0, counted.listed - accountedFor(counted)) };
}

/**
 * The equation of every run: listed = added + updated + retagged + unchanged + skipped + over the limit + failed +
 * pending.
 */
export function isBalanced(tally: Tally): boolean {
  return tally.listed === accountedFor(tally) + tally.pending;
}

/** A tally as a run row keeps it: what is not written yet is zero, and rows of earlier versions have no `pending`. */
export function readTally(json: string): Tally {
  return withPending({ ...EMPTY_TALLY, ...(JSON.parse(json) as Partial<Tally>) });
}
