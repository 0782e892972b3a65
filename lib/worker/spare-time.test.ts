import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BUSY_MEASURED_MS, BUSY_SHARE_MAX } from "@/lib/core/limits";
import { openSpareTime } from "./spare-time";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A process that spends so much of each measured time working. */
function processOf(): { hasTime: () => boolean; pass: (busyShare: number, times: number) => void } {
  let active = 0;
  let idle = 0;
  const hasTime = openSpareTime(() => ({ active, idle, utilization: active / (active + idle) }));
  return {
    hasTime,
    pass: (busyShare, times) => {
      for (let time = 0; time < times; time++) {
        active += BUSY_MEASURED_MS * busyShare;
        idle += BUSY_MEASURED_MS * (1 - busyShare);
        vi.advanceTimersByTime(BUSY_MEASURED_MS);
      }
    },
  };
}

test("a process that mostly waits has time, one that mostly works has none", () => {
  const { hasTime, pass } = processOf();
  pass(BUSY_SHARE_MAX - 0.1, 5);
  expect(hasTime()).toBe(true);
  pass(BUSY_SHARE_MAX + 0.1, 2);
  expect(hasTime()).toBe(false);
  pass(0.1, 2);
  expect(hasTime()).toBe(true);
});

test("what it did long ago counts neither way", () => {
  const { hasTime, pass } = processOf();
  pass(0, 1_000);
  pass(0.95, 2);
  expect(hasTime()).toBe(false);
});
