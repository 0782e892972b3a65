import { describe, expect, test } from "vitest";
import { backOffOf, nextRunAt, type ScheduleRule, scheduleOf, scheduleProblem } from "./schedule";

const NOON = Date.parse("2026-06-01T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const every = (intervalMs: number | null): ScheduleRule => ({
  kind: "interval",
  cron: null,
  timeZone: null,
  intervalMs,
});
const cron = (expression: string | null, timeZone: string | null = null): ScheduleRule => ({
  kind: "cron",
  cron: expression,
  timeZone,
  intervalMs: null,
});
const manual: ScheduleRule = { kind: "manual", cron: null, timeZone: null, intervalMs: null };

describe("a schedule", () => {
  test("runs every 4 hours unless it says otherwise, moved by at most 5 %", () => {
    expect(nextRunAt(every(null), NOON, 0.5, 0)).toBe(NOON + 4 * HOUR);
    expect(nextRunAt(every(null), NOON, 0, 0)).toBe(NOON + 3.8 * HOUR);
    expect(nextRunAt(every(null), NOON, 1, 0)).toBe(NOON + 4.2 * HOUR);
  });

  test("with an interval of its own is moved by at most 5 % of that", () => {
    expect(nextRunAt(every(20 * MINUTE), NOON, 0, 0)).toBe(NOON + 19 * MINUTE);
    expect(nextRunAt(every(20 * MINUTE), NOON, 1, 0)).toBe(NOON + 21 * MINUTE);
  });

  test("follows a cron expression in its time zone, within the minute that it names", () => {
    const rule = cron("30 9 * * *", "Europe/Berlin");
    const named = Date.parse("2026-06-02T07:30:00Z");
    expect(nextRunAt(rule, NOON, 0, 0)).toBe(named);
    const latest = nextRunAt(rule, NOON, 1, 0);
    expect(latest).toBeGreaterThan(named);
    expect(latest).toBeLessThan(named + MINUTE);
  });

  test("keeps its local time when the clocks change", () => {
    const rule = cron("30 9 * * *", "Europe/Berlin");
    const beforeWinter = Date.parse("2026-10-24T12:00:00Z");
    expect(nextRunAt(rule, beforeWinter, 0, 0)).toBe(Date.parse("2026-10-25T08:30:00Z"));
  });

  test("that is manual only never comes due", () => {
    expect(nextRunAt(manual, NOON, 0.5, 0)).toBeNull();
    expect(nextRunAt(manual, NOON, 0.5, 9)).toBeNull();
  });

  test.each([
    ["no expression", cron(null)],
    ["junk", cron("every day")],
    ["six fields", cron("* * * * * *")],
    ["an unknown time zone", cron("0 4 * * *", "Mars/Olympus")],
    ["a day that never is", cron("0 0 31 2 *")],
    ["an interval under 5 minutes", every(5 * MINUTE - 1)],
    ["an interval over 30 days", every(30 * DAY + 1)],
  ])("is refused with %s", (_what, rule) => {
    expect(scheduleProblem(rule)).not.toBeNull();
  });

  test.each([
    ["every 4 hours", every(null)],
    ["every 5 minutes", every(5 * MINUTE)],
    ["every 30 days", every(30 * DAY)],
    ["a good expression", cron("0 */4 * * *")],
    ["manual only", manual],
  ])("%s is fine", (_what, rule) => {
    expect(scheduleProblem(rule)).toBeNull();
  });

  test("whose time zone the system has forgotten falls back to every 4 hours", () => {
    expect(nextRunAt(cron("0 4 * * *", "Mars/Olympus"), NOON, 0.5, 0)).toBe(NOON + 4 * HOUR);
  });

  test("is read from a connection's columns, an unknown kind as an interval", () => {
    const row = {
      scheduleKind: "?",
      scheduleCron: null,
      scheduleTimeZone: null,
      scheduleIntervalMs: 600_000n,
    };
    expect(scheduleOf(row)).toEqual(every(600_000));
  });
});

describe("a schedule whose runs fail", () => {
  test.each([
    ["two failures", every(null), 2, null],
    ["three", every(null), 3, 8 * HOUR],
    ["four", every(null), 4, 16 * HOUR],
    ["five, which would be more than a day", every(null), 5, DAY],
    ["a thousand", every(null), 1_000, DAY],
    ["three of a short interval", every(5 * MINUTE), 3, 10 * MINUTE],
    ["three of a schedule of a day", every(DAY), 3, null],
    ["three of a schedule of a week", every(7 * DAY), 3, null],
    ["three of an hourly cron", cron("0 9-17 * * 1-5"), 3, 2 * HOUR],
    ["three of a daily cron", cron("0 4 * * *"), 3, null],
    ["three of a monthly cron", cron("0 4 1 * *"), 3, null],
    ["three without a schedule", manual, 3, null],
  ])("after %s", (_what, rule, failureStreak, expected) => {
    expect(backOffOf(rule, failureStreak)?.delayMs ?? null).toBe(expected);
  });

  test("says so, with how long and what ends it", () => {
    expect(backOffOf(every(null), 4)?.sentence).toBe(
      "The last 4 runs failed, so the next one waits 16 h instead of 4 h. Ask for a sync to try at once.",
    );
  });

  test("comes due after the longer time, moved as before", () => {
    expect(nextRunAt(every(null), NOON, 0.5, 3)).toBe(NOON + 8 * HOUR);
    expect(nextRunAt(every(null), NOON, 0, 3)).toBe(NOON + 7.8 * HOUR);
  });

  test("leaves out times of its cron expression, and keeps to those it names", () => {
    const hourly = cron("0 * * * *");
    expect(nextRunAt(hourly, NOON + 1, 0, 2)).toBe(NOON + HOUR);
    expect(nextRunAt(hourly, NOON + 1, 0, 3)).toBe(NOON + 2 * HOUR);
    expect(nextRunAt(hourly, NOON + 1, 0, 4)).toBe(NOON + 4 * HOUR);
    expect(nextRunAt(hourly, NOON + 1, 0, 99)).toBe(NOON + DAY);
  });
});
