import { Cron } from "croner";
import { SYNC_INTERVAL_DEFAULT_MS, SYNC_JITTER_SHARE } from "@/lib/core/limits";

export type ScheduleRule = {
  kind: "interval" | "cron" | "manual";
  /** Five fields, as crontab has them; only for `cron`. */
  cron: string | null;
  /** IANA name; null means UTC. */
  timeZone: string | null;
};

const KINDS: readonly ScheduleRule["kind"][] = ["interval", "cron", "manual"];

/** The rule that stands in a connection's columns. */
export function scheduleOf(row: {
  scheduleKind: string;
  scheduleCron: string | null;
  scheduleTimeZone: string | null;
}): ScheduleRule {
  const kind = KINDS.find((known) => known === row.scheduleKind) ?? "interval";
  return { kind, cron: row.scheduleCron, timeZone: row.scheduleTimeZone };
}

/** Why a schedule is refused, in a sentence; null when it is fine. */
export function scheduleProblem(rule: ScheduleRule): string | null {
  if (rule.kind !== "cron") return null;
  if (!rule.cron) return "A cron schedule needs an expression, such as 0 */4 * * *.";
  try {
    const next = open(rule.cron, rule.timeZone).nextRun();
    return next === null ? "This expression never comes due." : null;
  } catch {
    return "This is not a cron expression of five fields, such as 0 */4 * * *, or the time zone is unknown.";
  }
}

/**
 * When the next run is due, in epoch milliseconds; null for "manual only".
 *
 * `chance` is a number from 0 to 1. It moves an interval's end by up to 5 % so that connections made together do
 * not stay together; the moved time is what is stored and shown. An expression that can no longer be read, since
 * its time zone has left the system, falls back to the interval: one connection must not stop the others.
 */
export function nextRunAt(rule: ScheduleRule, now: number, chance: number): number | null {
  if (rule.kind === "manual") return null;
  if (rule.kind === "cron" && scheduleProblem(rule) === null) {
    return (
      open(rule.cron ?? "", rule.timeZone)
        .nextRun(new Date(now))
        ?.getTime() ?? null
    );
  }
  const jitterMs = (chance * 2 - 1) * SYNC_JITTER_SHARE * SYNC_INTERVAL_DEFAULT_MS;
  return Math.round(now + SYNC_INTERVAL_DEFAULT_MS + jitterMs);
}

function open(expression: string, timeZone: string | null): Cron {
  return new Cron(expression, { paused: true, mode: "5-part", timezone: timeZone ?? "UTC" });
}
