import type { ErrorCode } from "@/lib/core/errors";
import { RUN_CHANGES_LISTED_MAX } from "@/lib/core/limits";
import type { RunStatus } from "@/lib/rules/run-status";
import type { FailurePage, PlanView, RunChangeView, RunView } from "@/lib/sync-runs/schema";

/** The API knows three states: what waits is about to run, and what was canceled did not complete. */
const WIRE_STATUS: Record<RunStatus, "running" | "completed" | "failed"> = {
  queued: "running",
  running: "running",
  completed: "completed",
  failed: "failed",
  canceled: "failed",
};

export function wireStatus(status: RunStatus): "running" | "completed" | "failed" {
  return WIRE_STATUS[status];
}

const WIRE_ERROR_CODE: Partial<Record<ErrorCode, string>> = {
  source_auth: "auth_expired",
  source_denied: "auth_expired",
  source_throttled: "rate_limited",
  source_unreachable: "provider_unavailable",
  bucket_missing: "provider_unavailable",
};

export function wireErrorCode(code: string | null): string | null {
  return code === null ? null : (WIRE_ERROR_CODE[code as ErrorCode] ?? "internal");
}

/** The status codes of the page's error table, so that a reader recognizes the row. */
const PAGE_CODE: Partial<Record<ErrorCode, number>> = {
  source_auth: 401,
  source_denied: 403,
  bucket_missing: 404,
};

export function wireRunError(run: { errorCode: string | null; error: string | null }): string | null {
  if (run.error === null) return null;
  const code = PAGE_CODE[run.errorCode as ErrorCode];
  return code === undefined ? run.error : `${code} ${run.error}`;
}

/** A run as the API shows it, with what Sluice adds: from `kind` on. A plan has done nothing to any document. */
export function runToWire(run: RunView) {
  const { tally } = run;
  const isDone = run.kind !== "plan";
  return {
    id: run.id,
    connectionId: run.connectionId,
    status: wireStatus(run.status),
    triggerType: run.trigger,
    startedAt: isoTime(run.startedAt ?? run.queuedAt),
    completedAt: run.completedAt === null ? null : isoTime(run.completedAt),
    itemsProcessed: isDone ? tally.added + tally.updated + tally.retagged + tally.removed : 0,
    itemsFailed: isDone ? tally.failed : 0,
    error: wireRunError(run),
    errorCode: wireErrorCode(run.errorCode),
    tally,
    kind: run.kind,
    state: run.status,
    planRunId: run.planRunId,
    requestedBy: run.requestedBy,
    queuedAt: isoTime(run.queuedAt),
    cancelAskedAt: run.cancelAskedAt === null ? null : isoTime(run.cancelAskedAt),
    listRequests: run.listRequests,
    getRequests: run.getRequests,
    retriedRequests: run.retriedRequests,
    throttledAnswers: run.throttledAnswers,
    bytesListed: run.bytesListed,
    bytesRead: run.bytesRead,
    stageMs: run.stageMs,
  };
}

/** The run of a plan, and the plan beside it. */
export function planToWire(plan: PlanView) {
  return {
    ...runToWire(plan.run),
    plan: {
      cost: plan.cost,
      expiresAt: plan.expiresAt === null ? null : isoTime(plan.expiresAt),
      isCurrent: plan.isCurrent,
      isApplicable: plan.problem === null,
      problem: plan.problem,
    },
  };
}

/** A page of a run's changes. `nextAfterKey` asks for the following one; null when this is the last. */
export function changesToWire(changes: readonly RunChangeView[]) {
  const isFull = changes.length === RUN_CHANGES_LISTED_MAX;
  return { changes: changes.map(withIsoTry), nextAfterKey: isFull ? (changes.at(-1)?.key ?? null) : null };
}

/** A page of failures. `nextTryAt` of one that is due at once lies in the past. */
export function failuresToWire({ failures, nextAfterKey }: FailurePage) {
  return { failures: failures.map(withIsoTry), nextAfterKey };
}

function withIsoTry<Row extends { nextTryAt: number | null }>(row: Row) {
  return { ...row, nextTryAt: row.nextTryAt === null ? null : isoTime(row.nextTryAt) };
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
