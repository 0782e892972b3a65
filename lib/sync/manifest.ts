import type { ErrorCode } from "@/lib/core/errors";
import type { SkipReason } from "@/lib/rules/tally";
import type { ListedObject } from "@/lib/source/source";

/** What is known of one key of a connection: a row of the manifest, as far as the engine decides by it. */
export type ManifestRow = {
  key: string;
  /** The version whose content is stored; null when nothing is. */
  stored: { etag: string; sizeBytes: number; lastModified: number; tags: string } | null;
  outcome: "queued" | "stored" | "failed" | "skipped" | "over_limit";
  /** A skip reason or an error code. */
  reason: string | null;
  /** The version that was skipped or failed; its date tells versions apart where a store gives no ETag. */
  seenEtag: string | null;
  seenModified: number | null;
  /** What kind the bytes of that version were found to be; null when nobody has found out. */
  detected: string | null;
  extractorVersion: number;
  attempts: number;
  /** When a failed object is tried again, in epoch milliseconds; null: when it, the rule or the extractor changes. */
  nextTryAt: number | null;
  isAbsenceKept: boolean;
  documentId: string | null;
  /** This very run has queued it or has a change row for it: it is accounted for already. */
  isSettledByRun: boolean;
};

/**
 * What is known of a store's listings.
 *
 *   sorted     keys come in byte order, and StartAfter is honoured
 *   unsplit    keys come in order, but StartAfter is not honoured: never cut, never resumed by key
 *   unsorted   keys come out of order: walked by token, put aside, and read back in order
 */
export const LISTING_ORDERS = ["sorted", "unsplit", "unsorted"] as const;
export type ListingOrder = (typeof LISTING_ORDERS)[number];

/** A part (afterKey, untilKey] of the listing with its walker's cursor. */
export type ListingRange = {
  position: number;
  afterKey: string;
  untilKey: string | null;
  cursorKey: string | null;
  /** Objects of it up to the cursor. */
  listed: number;
  isClosed: boolean;
};

/** The counts of windows, committed with the cursor behind them. */
export type WindowCounts = {
  listed: number;
  unchanged: number;
  overLimit: number;
  skipped: Partial<Record<SkipReason, number>>;
};

/** How far a walker has come: every key of its range up to the cursor is accounted for. */
export type RangeProgress = { position: number; cursorKey: string; isClosed: boolean };

/** Everything one window changes, in one transaction of a constant number of statements. */
export type WindowRecord = {
  range: RangeProgress;
  counts: WindowCounts;
  /** To be read: new, or in a new version. */
  queue: { object: ListedObject; tags: string }[];
  retag: { object: ListedObject; tags: string; documentId: string }[];
  /** Documents whose text is not what is listed, or that have none, but whose tags are no longer right either. */
  move: { key: string; tags: string; documentId: string; hasText: boolean }[];
  /** Back to `stored`: the listed version is the stored one, whatever was going on. */
  restore: { key: string; documentId: string | null }[];
  skip: { object: ListedObject; reason: SkipReason }[];
  overLimit: ListedObject[];
  /** Keys over the limit that get a place when the run has removed what its plan lists. */
  promised: string[];
  fail: { object: ListedObject; code: ErrorCode; message: string }[];
  /** Failed before and not yet tried again: in this run's list of failures as they stand in the manifest. */
  stillFailed: ListedObject[];
  /** Changes that do not stand in the plan that is applied: what would become of them the next sync decides. */
  drifted: ListedObject[];
  /** Known keys that the window does not list. */
  absent: string[];
};

/** One line of a plan: what a run would do to a key. */
export type PlannedChange = {
  key: string;
  /** `parked`: over the limit, unless the removals of the plan free a place. None is left when the plan is complete. */
  kind: "added" | "updated" | "retagged" | "removed" | "skipped" | "failed" | "parked";
  reason: string | null;
  message: string | null;
  /** Of the listed object; null for removals. */
  etag: string | null;
  sizeBytes: number | null;
};

/** A window of a dry run: nothing but counts, a cursor and lines of the plan. */
export type PlannedWindow = { range: RangeProgress; counts: WindowCounts; changes: PlannedChange[] };

export function emptyCounts(): WindowCounts {
  return { listed: 0, unchanged: 0, overLimit: 0, skipped: {} };
}

/** A window in which nothing changes. */
export function emptyRecord(range: RangeProgress): WindowRecord {
  return {
    range,
    counts: emptyCounts(),
    queue: [],
    retag: [],
    move: [],
    restore: [],
    skip: [],
    overLimit: [],
    promised: [],
    fail: [],
    stillFailed: [],
    drifted: [],
    absent: [],
  };
}
