import { Cron } from "croner";
import {
  BACK_OFF_MAX_MS,
  CRON_JITTER_MS,
  FAILURES_BEFORE_BACK_OFF,
  SYNC_INTERVAL_DEFAULT_MS,
  SYNC_INTERVAL_MAX_MS,
  SYNC_INTERVAL_MIN_MS,
  SYNC_JITTER_SHARE,
} from "@/lib/core/limits";
import { formatDuration } from "./format";

export type ScheduleRule = {
  kind: "interval" | "cron" | "manual";
  /** Five fields, as crontab has them; only for `cron`. */
  cron: string | null;
  /** IANA name; null means UTC. */
  timeZone: string | null;
  /** Only for `interval`; null means every 4 hours. */
  intervalMs: number | null;
};

const KINDS: readonly ScheduleRule["kind"][] = ["interval", "cron", "manual"];

/** The rule that stands in a connection's columns. */
export function scheduleOf(row: {
  scheduleKind: string;
  scheduleCron: string | null;
  scheduleTimeZone: string | null;
  scheduleIntervalMs: bigint | null;
}): ScheduleRule {
  const kind = KINDS.find((known) => known === row.scheduleKind) ?? "interval";
  const intervalMs = row.scheduleIntervalMs === null ? null : Number(row.scheduleIntervalMs);
  return { kind, cron: row.scheduleCron, timeZone: row.scheduleTimeZone, intervalMs };
}

/** Why a schedule is refused, in a sentence; null when it is fine. */
export function scheduleProblem(rule: ScheduleRule): string | null {
  if (rule.kind === "interval") return intervalProblem(rule.intervalMs);
  if (rule.kind === "manual") return null;
  if (!rule.cron) return "A cron schedule needs an expression, such as 0 */4 * * *.";
  try {
    const next = open(rule.cron, rule.timeZone).nextRun();
    return next === null ? "This expression never comes due." : null;
  } catch {
    return "This is not a cron expression of five fields, such as 0 */4 * * *, or the time zone is unknown.";
  }
}

function intervalProblem(intervalMs: number | null): string | null {
  if (intervalMs === null) return null;
  const fits = intervalMs >= SYNC_INTERVAL_MIN_MS && intervalMs <= SYNC_INTERVAL_MAX_MS;
  return fits ? null : "An interval has at least 5 minutes and at most 30 days.";
}

/**
 * When the next run is due, in epoch milliseconds; null for "manual only".
 *
 * `chance` is a number from 0 to 1. It moves an interval's end by up to 5 % of its length so that connections made
 * together do not stay together, and a cron time, which a person chose, by less than the minute that it names. The
 * moved time is what is stored and shown. After `failureStreak` failed runs in a row the time is later, as `backOffOf`
 * says. An expression that can no longer be read, since its time zone has left the system, falls back to the
 * interval: one connection must not stop the others.
 */
export function nextRunAt(
  rule: ScheduleRule,
  now: number,
  chance: number,
  failureStreak: number,
): number | null {
  if (rule.kind === "manual") return null;
  const backOff = backOffOf(rule, failureStreak);
  if (isReadableCron(rule)) {
    // The first time that is late enough; without a back-off that is the next one.
    const earliest = backOff === null ? now : now + backOff.delayMs - distanceOf(rule);
    const next = open(rule.cron, rule.timeZone).nextRun(new Date(earliest))?.getTime();
    return next === undefined ? null : next + Math.round(chance * CRON_JITTER_MS);
  }
  const intervalMs = distanceOf(rule);
  const jitterMs = (chance * 2 - 1) * SYNC_JITTER_SHARE * intervalMs;
  return Math.round(now + (backOff?.delayMs ?? intervalMs) + jitterMs);
}

/** `delayMs` stands in place of the schedule's own distance from one run to the next. */
export type BackOff = { delayMs: number; sentence: string };

/**
 * How a schedule slows down after runs that failed one after the other; null while it keeps its pace.
 *
 *   failed in a row     distance to the next run
 *   fewer than 3        the schedule's own
 *   3, 4, 5, …          2, 4, 8, … times the schedule's own, up to one day
 *
 * A schedule of a day or longer is slow enough by itself. One run by hand takes it back to its pace.
 */
export function backOffOf(rule: ScheduleRule, failureStreak: number): BackOff | null {
  if (rule.kind === "manual" || failureStreak < FAILURES_BEFORE_BACK_OFF) return null;
  const ownMs = distanceOf(rule);
  const doublings = failureStreak - FAILURES_BEFORE_BACK_OFF + 1;
  const delayMs = Math.min(ownMs * 2 ** doublings, BACK_OFF_MAX_MS);
  if (delayMs <= ownMs) return null;
  const sentence =
    `The last ${failureStreak} runs failed, so the next one waits ${formatDuration(delayMs)} ` +
    `instead of ${formatDuration(ownMs)}. Ask for a sync to try at once.`;
  return { delayMs, sentence };
}

/** From one run to the next: of a cron expression the shortest distance among its first times in 2024. */
function distanceOf(rule: ScheduleRule): number {
  if (!isReadableCron(rule)) return rule.intervalMs ?? SYNC_INTERVAL_DEFAULT_MS;
  const times = open(rule.cron, rule.timeZone)
    .nextRuns(CRON_TIMES_COMPARED, new Date(SOME_MONDAY))
    .map((time) => time.getTime());
  const distances = times.slice(1).map((time, at) => time - (times[at] ?? time));
  return Math.min(...distances, BACK_OFF_MAX_MS);
}

/** Enough to see the pace of an expression with several times a day; the clock has no part in it. */
const CRON_TIMES_COMPARED = 8;
const SOME_MONDAY = Date.parse("2024-01-01T00:00:00Z");

function isReadableCron(rule: ScheduleRule): rule is ScheduleRule & { cron: string } {
  return rule.kind === "cron" && scheduleProblem(rule) === null;
}

function open(expression: string, timeZone: string | null): Cron {
  return new Cron(expression, { paused: true, mode: "5-part", timezone: timeZone ?? "UTC" });
}
