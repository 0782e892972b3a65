export const RUN_STATUSES = ["queued", "running", "completed", "failed", "canceled"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

export const RUN_KINDS = ["sync", "reread", "retry", "plan", "apply"] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const RUN_TRIGGERS = ["manual", "cron", "event"] as const;
export type RunTrigger = (typeof RUN_TRIGGERS)[number];

/** The only moves a sync run can make. A crash leaves it running; the end of its lease hands it on. */
const NEXT: Record<RunStatus, readonly RunStatus[]> = {
  queued: ["running", "canceled"],
  running: ["completed", "failed", "canceled"],
  completed: [],
  failed: [],
  canceled: [],
};

export function isOver(status: RunStatus): boolean {
  return NEXT[status].length === 0;
}
