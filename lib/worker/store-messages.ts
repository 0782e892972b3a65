import { asSluiceError, SluiceError, type SluiceErrorArgs } from "@/lib/core/errors";
import type { DatabasePlace } from "@/lib/db/database";
import type { RunCost } from "@/lib/db/sql/run-progress";
import type { QueuedObject, ReadOutcome } from "@/lib/sync/batch-store";
import type { ClaimedBatch } from "./batch-stores";

/** What the thread is started with. */
export type StoreThreadData = { place: DatabasePlace; logLevel: string };

/** One call of a BatchStore. */
export type StoreCall =
  | { kind: "nextToRead" }
  | { kind: "recordOutcomes"; outcomes: ReadOutcome[] }
  | { kind: "close"; cost: RunCost };

/** The worker to the thread. */
export type StoreRequest = { id: number; claimed: ClaimedBatch; call: StoreCall };

/** What a call resolves with: `queued` is empty but for `nextToRead`, `tookMs` zero but for `recordOutcomes`. */
export type StoreDone = { queued: QueuedObject[]; tookMs: number };

/** The thread to the worker. */
export type StoreAnswer =
  | ({ id: number; outcome: "done" } & StoreDone)
  | { id: number; outcome: "failed"; error: SentError };

/** A SluiceError on its way between threads, where errors lose their class; of its cause only the stack arrives. */
export type SentError = Omit<SluiceErrorArgs, "cause"> & { causeStack: string | null };

export function sentError(thrown: unknown): SentError {
  const { code, effect, message, details, cause } = asSluiceError(thrown);
  const causeStack = cause instanceof Error ? (cause.stack ?? cause.message) : null;
  return { code, effect, message, ...(details !== undefined && { details }), causeStack };
}

export function receivedError({ causeStack, ...args }: SentError): SluiceError {
  if (causeStack === null) return new SluiceError(args);
  const cause = new Error("in the thread that stores");
  cause.stack = causeStack;
  return new SluiceError({ ...args, cause });
}
