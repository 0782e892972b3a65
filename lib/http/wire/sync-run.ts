import type { ErrorCode } from "@/lib/core/errors";
import type { RunStatus } from "@/lib/rules/run-status";
import type { RunView } from "@/lib/sync-runs/schema";

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

export function runToWire(run: RunView) {
  const { tally } = run;
  return {
    id: run.id,
    connectionId: run.connectionId,
    status: wireStatus(run.status),
    triggerType: run.trigger,
    startedAt: isoTime(run.startedAt ?? run.queuedAt),
    completedAt: run.completedAt === null ? null : isoTime(run.completedAt),
    itemsProcessed: tally.added + tally.updated + tally.retagged + tally.removed,
    itemsFailed: tally.failed,
    error: wireRunError(run),
    errorCode: wireErrorCode(run.errorCode),
    tally,
  };
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
