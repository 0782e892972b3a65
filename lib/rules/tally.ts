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
  /** Beside the equation: documents whose objects are gone. */
  removed: number;
  onHold: number;
};

export const EMPTY_TALLY: Tally = {
  listed: 0,
  added: 0,
  updated: 0,
  retagged: 0,
  unchanged: 0,
  skipped: {},
  overLimit: 0,
  failed: 0,
  removed: 0,
  onHold: 0,
};

export function skippedCount(tally: Tally): number {
  return Object.values(tally.skipped).reduce((sum, count) => sum + count, 0);
}

/** Every listed object ends as exactly one of these. While a run goes on, what it has yet to read is missing. */
export function accountedFor(tally: Tally): number {
  const { added, updated, retagged, unchanged, overLimit, failed } = tally;
  return added + updated + retagged + unchanged + skippedCount(tally) + overLimit + failed;
}

export function isBalanced(tally: Tally): boolean {
  return tally.listed === accountedFor(tally);
}

/** A tally as a run row keeps it: what is not written yet is zero. */
export function readTally(json: string): Tally {
  return { ...EMPTY_TALLY, ...(JSON.parse(json) as Partial<Tally>) };
}
