import type { ErrorCode } from "@/lib/core/errors";
import type { ExtractedDocument } from "@/lib/extract/extract";
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
  /** The version that was skipped or failed. */
  seenEtag: string | null;
  extractorVersion: number;
  attempts: number;
  /** When a failed object is tried again, in epoch milliseconds; null: when it, the rule or the extractor changes. */
  nextTryAt: number | null;
  isAbsenceKept: boolean;
  documentId: string | null;
  /** This very run has queued it or has a change row for it: it is accounted for already. */
  isSettledByRun: boolean;
};

/** A part (afterKey, untilKey] of the listing with its walker's cursor. */
export type ListingRange = {
  position: number;
  afterKey: string;
  untilKey: string | null;
  cursorKey: string | null;
  isClosed: boolean;
};

/** The counts of one window, committed with the cursor behind it. */
export type WindowCounts = {
  listed: number;
  unchanged: number;
  overLimit: number;
  /** Failed before and not due again. */
  failed: number;
  skipped: Partial<Record<SkipReason, number>>;
};

/** Everything one window changes, in one transaction of a constant number of statements. */
export type WindowRecord = {
  range: { position: number; cursorKey: string; isClosed: boolean };
  counts: WindowCounts;
  /** To be read: new, or in a new version. */
  queue: { object: ListedObject; tags: string }[];
  retag: { object: ListedObject; tags: string; documentId: string }[];
  /** Back to `stored`: the listed version is the stored one, whatever was going on. */
  restore: { key: string; documentId: string | null }[];
  skip: { object: ListedObject; reason: SkipReason }[];
  overLimit: ListedObject[];
  fail: { object: ListedObject; code: ErrorCode; message: string }[];
  /** Known keys that the window does not list. */
  absent: string[];
};

/** An object that waits to be read, with the version and tags that are wanted. */
export type QueuedObject = {
  object: ListedObject;
  tags: string;
  /** The document it already has, or will have. */
  documentId: string;
  hasStoredVersion: boolean;
  attempts: number;
};

export type ReadyDocument = Extract<ExtractedDocument, { outcome: "text" }>;

/** How reading one object ended. */
export type ReadOutcome =
  | { kind: "stored"; queued: QueuedObject; etag: string; lastModified: number; document: ReadyDocument }
  | { kind: "skipped"; queued: QueuedObject; reason: SkipReason; message: string | null }
  | {
      kind: "failed";
      queued: QueuedObject;
      code: ErrorCode;
      stage: "fetch" | "extract" | "store";
      message: string;
      attempt: number;
      nextTryAt: number | null;
    };

/**
 * The engine's view of the database, bound to one run and its lease. Every write is fenced: once the lease is lost,
 * the run has ended or the connection has changed, it rejects with SluiceError `lease_lost` (effect stop) and
 * nothing is written.
 */
export interface RunStore {
  /** The run's ranges; on its first call one range over everything. Marks the run as listing. */
  openRanges(): Promise<ListingRange[]>;
  /** Forgets marks and cursors of this run's listing; rows that reading has settled stay. */
  restartListing(): Promise<void>;
  rememberUnsorted(): Promise<void>;
  /** Documents of the connection, and objects that are queued to become one. */
  countPlacesTaken(): Promise<number>;
  /** The first rows with afterKey < key <= untilKey, in key order; null for until is the end of the manifest. */
  readWindow(args: { afterKey: string; untilKey: string | null; countMax: number }): Promise<ManifestRow[]>;
  recordWindow(record: WindowRecord): Promise<void>;
  /** For listings out of order: keeps a page aside, and gives all of them back in key order. */
  stageObjects(objects: ListedObject[]): Promise<void>;
  readStaged(afterKey: string, countMax: number): Promise<ListedObject[]>;
  /**
   * The listing is complete: marks what lies outside [prefix, end of prefix) absent, too. Resolves with how many
   * objects the whole listing had, also those listed before a crash.
   */
  closeListing(prefix: string): Promise<{ listed: number }>;

  /** Objects this run still has to read, in key order after `afterKey`. */
  nextToRead(afterKey: string, countMax: number): Promise<QueuedObject[]>;
  recordOutcomes(outcomes: ReadOutcome[]): Promise<void>;
  /** Parked keys in key order, and the call that queues them. */
  nextParked(countMax: number): Promise<ListedObject[]>;
  admitParked(admitted: { key: string; tags: string }[]): Promise<void>;

  /** Facts for the guard. `approved` of the absent ones stand in a hold that a person applied. */
  countAbsence(): Promise<{ stored: number; absent: number; approved: number }>;
  nextAbsent(args: { afterKey: string; countMax: number; isApprovedOnly: boolean }): Promise<AbsentObject[]>;
  removeAbsent(keys: string[]): Promise<void>;
  /** The object is back, or was never gone: takes the mark away. */
  unmarkAbsent(keys: string[]): Promise<void>;
  /** For connections that keep the documents of objects that are gone. */
  keepAbsent(): Promise<void>;
  holdAbsent(reason: string): Promise<void>;
  /** No removal waits any more: an open hold of an earlier run is released. */
  releaseHold(): Promise<void>;
  /** Drops rows without a document whose keys are gone. */
  forgetAbsent(): Promise<void>;
}

export type AbsentObject = { key: string; missingSince: number };
