import type { ListedObject } from "@/lib/source/source";
import type {
  ListingOrder,
  ListingRange,
  ManifestRow,
  PlannedChange,
  PlannedWindow,
  WindowRecord,
} from "./manifest";

type KeyRange = { afterKey: string; untilKey: string | null };

/**
 * The database as the one who lists and removes sees it, bound to one run and its lease. Every write is fenced: once
 * the lease is lost, the run has ended or the connection has changed, it rejects with SluiceError `lease_lost`
 * (effect stop) and nothing is written.
 */
export interface RunStore extends ListingStore, PlanStore, AbsenceStore {
  /** Documents of the connection, and objects that are queued to become one. */
  countPlacesTaken(): Promise<number>;
  /**
   * Parked keys with afterKey < key <= untilKey in key order, and the call that queues them. A run that applies a plan knows only
   * those that it has promised a place.
   */
  nextParked(args: KeyRange & { countMax: number }): Promise<ListedObject[]>;
  admitParked(admitted: { key: string; tags: string }[]): Promise<void>;
  /** Resolves when nothing this run has queued waits to be read; rejects with the signal's reason. */
  untilRead(signal: AbortSignal): Promise<void>;
}

export interface ListingStore {
  /**
   * The run's ranges. On its first call they are made: one over everything, or as many as the cuts make of it. Marks
   * the run as listing.
   */
  openRanges(cuts: readonly string[]): Promise<ListingRange[]>;
  /**
   * Cuts an open range in two: it ends at the key from now on, and resolves with the rest of it, a range that has a
   * walker still to come. The first range of all stays the one at position 0. Null, and nothing is changed, when the key
   * does not lie behind the range's cursor and before its end.
   */
  cutRange(args: { position: number; cutKey: string }): Promise<ListingRange | null>;
  /**
   * Abandons this run's listing: from here on neither its cursors nor its marks count, and `openRanges` makes new
   * ranges when the marks are gone. Rows that reading has settled stay.
   */
  restartListing(): Promise<void>;
  rememberOrder(order: ListingOrder): Promise<void>;
  /** Where the next listing may be cut. */
  rememberCuts(cuts: readonly string[]): Promise<void>;
  /**
   * The manifest's rows of a range as `window-digest.ts` writes a listing, of the first `countMax`. Never equal to a
   * listing's when a row is not stored as it was listed, or this run has changed a key of the range.
   */
  readDigest(args: KeyRange & { countMax: number }): Promise<string>;
  /** The first rows with afterKey < key <= untilKey, in key order; null for until is the end of the manifest. */
  readWindow(args: KeyRange & { countMax: number }): Promise<ManifestRow[]>;
  /** The rows of these keys; keys without one are left out. */
  readRows(keys: readonly string[]): Promise<ManifestRow[]>;
  /** Tags of those of the documents that failed and have no text, by id, sorted and joined by commas. */
  readFailedTags(documentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** In one transaction; resolves with how many milliseconds it was open. */
  recordWindow(record: WindowRecord): Promise<number>;
  /** For listings out of order: keeps a page aside, and gives all of them back in key order. */
  stageObjects(objects: ListedObject[]): Promise<void>;
  readStaged(afterKey: string, countMax: number): Promise<ListedObject[]>;
  /** The run lists everything from now on, whatever it was asked for as. */
  becomeSync(): Promise<void>;
  /** Failed objects that are due, in key order. */
  nextDueFailures(afterKey: string, countMax: number): Promise<string[]>;
  /**
   * The listing is complete: marks what lies outside [prefix, end of prefix) absent, too. Resolves with how many
   * objects the whole listing had, also those listed before a crash.
   */
  closeListing(prefix: string): Promise<{ listed: number }>;
  /** Only what was asked for is listed, which proves no absence. */
  closePartialListing(): Promise<void>;
}

export interface PlanStore {
  /** Writes lines of the plan and moves the cursor; the manifest stays as it is. Resolves as `recordWindow` does. */
  recordPlanned(window: PlannedWindow): Promise<number>;
  /** The lines of the plan that this run applies. */
  readPlanned(range: KeyRange): Promise<PlannedChange[]>;
  /** Lines that take a place, and removals among them that free one. */
  countPlannedPlaces(): Promise<{ added: number; freed: number }>;
  /** Turns the first parked lines into new ones; resolves with how many there were. */
  admitPlanned(countMax: number): Promise<number>;
  /** What is still parked stays over the limit, and has no line. */
  dropPlannedParked(): Promise<void>;
  /** Adds what lies outside [prefix, end of prefix) to the planned removals, and counts all of them. */
  closePlan(prefix: string): Promise<{ listed: number; stored: number; absent: number }>;
  /** The plan's removals would wait for a person. */
  holdPlanned(): Promise<void>;
  /**
   * After the listing of a run that applies a plan: writes down what has changed since and the listing does not show.
   * What has gone without standing in the plan is no longer marked absent; lines that nothing was done about stay so.
   */
  reportDrifted(): Promise<void>;
}

export interface AbsenceStore {
  /** Facts for the guard. */
  countAbsence(): Promise<{ stored: number; absent: number }>;
  nextAbsent(args: { afterKey: string; countMax: number; isApprovedOnly: boolean }): Promise<AbsentObject[]>;
  removeAbsent(keys: string[]): Promise<void>;
  /** The object is back, or was never gone: takes the mark away. */
  unmarkAbsent(keys: string[]): Promise<void>;
  /** For connections that keep the documents of objects that are gone. */
  keepAbsent(): Promise<void>;
  /** Marks as kept what a person dismissed before, as far as that is not done yet. */
  keepDismissed(): Promise<void>;
  /** The hold that a person has approved; null when there is none. */
  findApproved(): Promise<string | null>;
  /** Everything of it is removed or back. */
  finishApproved(holdId: string): Promise<void>;
  /** Puts all absent keys on hold, as one list that takes the place of the one before it. */
  holdAbsent(reason: string): Promise<void>;
  /** No removal waits any more: an open hold of an earlier run is released. */
  releaseHold(): Promise<void>;
  /** Drops rows without a document whose keys are gone. */
  forgetAbsent(): Promise<void>;
}

export type AbsentObject = { key: string; missingSince: number };
