import { describe, expect, test } from "vitest";
import { nextRunAt, scheduleProblem } from "./schedule";

const NOON = Date.parse("2026-06-01T12:00:00Z");
const HOUR = 3_600_000;
const interval = { kind: "interval", cron: null, timeZone: null } as const;

describe("a schedule", () => {
  test("runs every 4 hours, moved by at most 5 %", () => {
    expect(nextRunAt(interval, NOON, 0.5)).toBe(NOON + 4 * HOUR);
    expect(nextRunAt(interval, NOON, 0)).toBe(NOON + 3.8 * HOUR);
    expect(nextRunAt(interval, NOON, 1)).toBe(NOON + 4.2 * HOUR);
  });

  test("follows a cron expression in its time zone", () => {
    const rule = { kind: "cron", cron: "30 9 * * *", timeZone: "Europe/Berlin" } as const;
    expect(nextRunAt(rule, NOON, 0.5)).toBe(Date.parse("2026-06-02T07:30:00Z"));
  });

  test("that is manual only never comes due", () => {
    expect(nextRunAt({ kind: "manual", cron: null, timeZone: null }, NOON, 0.5)).toBeNull();
  });

  test.each([
    ["no expression", { kind: "cron", cron: null, timeZone: null } as const],
    ["junk", { kind: "cron", cron: "every day", timeZone: null } as const],
    ["six fields", { kind: "cron", cron: "* * * * * *", timeZone: null } as const],
    ["an unknown time zone", { kind: "cron", cron: "0 4 * * *", timeZone: "Mars/Olympus" } as const],
    ["a day that never is", { kind: "cron", cron: "0 0 31 2 *", timeZone: null } as const],
  ])("is refused with %s", (_what, rule) => {
    expect(scheduleProblem(rule)).not.toBeNull();
  });

  test("every 4 hours and a good expression are fine", () => {
    expect(scheduleProblem(interval)).toBeNull();
    expect(scheduleProblem({ kind: "cron", cron: "0 */4 * * *", timeZone: null })).toBeNull();
  });

  test("whose time zone the system has forgotten falls back to every 4 hours", () => {
    expect(nextRunAt({ kind: "cron", cron: "0 4 * * *", timeZone: "Mars/Olympus" }, NOON, 0.5)).toBe(
      NOON + 4 * HOUR,
    );
  });
});
