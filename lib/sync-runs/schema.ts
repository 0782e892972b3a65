import type { FailureClass } from "@/lib/rules/failure-class";
import type { RunKind, RunStatus, RunTrigger } from "@/lib/rules/run-status";
import type { SkipReason, Tally } from "@/lib/rules/tally";

/** A sync run as the console and Sluice's own code read it. Times are epoch milliseconds. */
export type RunView = {
  id: string;
  connectionId: string;
  kind: RunKind;
  /** For `apply`: the run whose plan it applies. */
  planRunId: string | null;
  status: RunStatus;
  trigger: RunTrigger;
  requestedBy: string;
  queuedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  /** When the whole bucket had been listed. */
  listedAt: number | null;
  /** When a person asked for its end. */
  cancelAskedAt: number | null;
  errorCode: string | null;
  error: string | null;
  tally: Tally;
  listRequests: number;
  getRequests: number;
  bytesRead: number;
  /** Bytes of the answers to listings. */
  bytesListed: number;
  retriedRequests: number;
  throttledAnswers: number;
  /** Milliseconds by stage, summed over everything that went on at once. */
  stageMs: Record<string, number>;
};

export const CHANGE_KINDS = [
  "added",
  "updated",
  "retagged",
  "removed",
  "on_hold",
  "skipped",
  "failed",
  "drifted",
] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What a run did to one key. */
export type RunChangeView = {
  key: string;
  kind: ChangeKind;
  /** A skip reason or an error code. */
  reason: string | null;
  stage: "list" | "fetch" | "extract" | "store" | null;
  message: string | null;
  attempt: number;
  nextTryAt: number | null;
  /** Of the listed object; null where the run did not write them down. */
  etag: string | null;
  sizeBytes: number | null;
};

/** One object that could not be read. */
export type FailureView = {
  key: string;
  stage: "list" | "fetch" | "extract" | "store" | null;
  class: FailureClass;
  /** The error code behind the class. */
  code: string;
  message: string | null;
  attempt: number;
  /** 0 means at once; null: when the object, a rule or the extractor changes. */
  nextTryAt: number | null;
};

/** A page of failures in key order. `nextAfterKey` asks for the following one; null on the last. */
export type FailurePage = { failures: FailureView[]; nextAfterKey: string | null };

/** What became of an object whose version was listed last, as far as it is listed here; failures have a list of their own. */
export const OBJECT_OUTCOMES = ["stored", "skipped", "over_limit"] as const;
export type ObjectOutcome = (typeof OBJECT_OUTCOMES)[number];

/** The objects of a connection that are asked for. A reason belongs to skipped ones; null is every reason. */
export type ObjectFilter = { outcome: ObjectOutcome; reason: SkipReason | null };

/** One object as the manifest has it now. */
export type ObjectView = {
  key: string;
  /** Why it is skipped; null otherwise. */
  reason: string | null;
  sizeBytes: number;
  /** Epoch milliseconds, by the store's clock. */
  lastModified: number;
  documentId: string | null;
};

/**
 * A page of objects in key order. `nextAfterKey` asks for the following one; null on the last. A page may have few
 * objects or none with more to come, since only so many rows are looked at for one.
 */
export type ObjectPage = { objects: ObjectView[]; nextAfterKey: string | null };

export type PlanCost = {
  /** Of the objects that would be read. */
  bytesToRead: number;
  /** About what is asked of the store: pages as the plan itself took, and one read for each new or changed object. */
  requests: { list: number; get: number };
};

/** What a plan found, counted from its lines, and whether it may still be applied. */
export type PlanView = {
  run: RunView;
  /** What applying it costs; null until it is complete. */
  cost: PlanCost | null;
  /** Null until it is complete. */
  expiresAt: number | null;
  /** The connection's settings are those it was made for. */
  isCurrent: boolean;
  /** Why it cannot be applied, in a sentence; null when it can. */
  problem: string | null;
};
