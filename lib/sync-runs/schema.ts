import type { RunStatus, RunTrigger } from "@/lib/rules/run-status";
import type { Tally } from "@/lib/rules/tally";

/** A sync run as the console and Sluice's own code read it. Times are epoch milliseconds. */
export type RunView = {
  id: string;
  connectionId: string;
  status: RunStatus;
  trigger: RunTrigger;
  requestedBy: string;
  queuedAt: number;
  startedAt: number | null;
  completedAt: number | null;
  /** When the whole bucket had been listed. */
  listedAt: number | null;
  errorCode: string | null;
  error: string | null;
  tally: Tally;
  listRequests: number;
  getRequests: number;
  bytesRead: number;
};

export const CHANGE_KINDS = [
  "added",
  "updated",
  "retagged",
  "removed",
  "on_hold",
  "skipped",
  "failed",
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
};
