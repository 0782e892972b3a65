import type { Schedule } from "@/lib/connections/schema";
import { formatDuration } from "@/lib/rules/format";

/** A schedule in words: `Every 4 hours`, `30 9 * * * (Europe/Berlin)`, `Manual only`. */
export function scheduleWords(schedule: Schedule): string {
  if (schedule.kind === "manual") return "Manual only";
  if (schedule.kind === "cron") return `${schedule.cron ?? ""} (${schedule.timeZone ?? "UTC"})`;
  return schedule.intervalMs === null ? "Every 4 hours" : `Every ${formatDuration(schedule.intervalMs)}`;
}
