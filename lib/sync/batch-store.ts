import type { ErrorCode } from "@/lib/core/errors";
import type { ExtractedDocument } from "@/lib/extract/extract";
import type { SkipReason } from "@/lib/rules/tally";
import type { ListedObject } from "@/lib/source/source";

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
  | {
      kind: "skipped";
      queued: QueuedObject;
      reason: SkipReason;
      message: string | null;
      /** What kind its bytes were found to be; null when that is not known. */
      detected: string | null;
      /** When this version is asked for again; null: when it, the rules or the extractor change. */
      nextTryAt: number | null;
    }
  | {
      kind: "failed";
      queued: QueuedObject;
      code: ErrorCode;
      stage: "fetch" | "extract" | "store";
      message: string;
      detected: string | null;
      attempt: number;
      nextTryAt: number | null;
    };

/**
 * The database as the reader of one batch sees it. Every write is fenced by the batch's lease, the run and the
 * connection's revision: it rejects with SluiceError `lease_lost` (effect stop) and nothing is written once one of
 * them is no longer what it was.
 */
export interface BatchStore {
  /** What of the batch still waits, in key order. */
  nextToRead(): Promise<QueuedObject[]>;
  /**
   * All of them or none. Outcomes of objects that wait no more are dropped: they came too late. Resolves with how many
   * milliseconds the transaction was open. Rejects with `destination` (effect `skip`) when one of them is refused for
   * what it is, so that the others may be written.
   */
  recordOutcomes(outcomes: ReadOutcome[]): Promise<number>;
  /** Nothing of the batch waits any more. */
  close(): Promise<void>;
}
