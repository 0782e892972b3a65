import { describe, expect, test } from "vitest";
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatExact,
  formatRate,
  formatRelative,
} from "./format";

const NOW = Date.parse("2026-06-15T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("what people read", () => {
  test("counts have thousands marks and a noun that agrees", () => {
    expect(formatCount(1_234_567)).toBe("1,234,567");
    expect(countOf(1, "document")).toBe("1 document");
    expect(countOf(0, "document")).toBe("0 documents");
    expect(countOf(2, "entry", "entries")).toBe("2 entries");
  });

  test.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_000, "1 kB"],
    [1_540, "1.5 kB"],
    [999_400, "999 kB"],
    [999_600, "1 MB"],
    [42_000_000, "42 MB"],
    [3_200_000_000, "3.2 GB"],
    [5_000_000_000_000_000, "5000 TB"],
  ])("%d bytes are %s", (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  test.each([
    [-5, "0 ms"],
    [420, "420 ms"],
    [1_450, "1.4 s"],
    [9_990, "9.9 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [185_000, "3 min 5 s"],
    [2 * HOUR + 10 * MINUTE, "2 h 10 min"],
    [28 * HOUR, "1 d 4 h"],
  ])("%d ms last %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test.each([
    [NOW, "just now"],
    [NOW - 44_000, "just now"],
    [NOW + 10_000, "just now"],
    [NOW + 20_000, "in a moment"],
    [NOW - 50_000, "1 min ago"],
    [NOW - 59 * MINUTE, "59 min ago"],
    [NOW - 59.8 * MINUTE, "1 h ago"],
    [NOW + 3 * HOUR, "in 3 h"],
    [NOW - DAY, "yesterday"],
    [NOW + DAY, "tomorrow"],
    [NOW - 12 * DAY, "12 days ago"],
    [Date.parse("2026-01-02T12:00:00Z"), "2 Jan 2026"],
  ])("%d is %s", (at, text) => {
    expect(formatRelative(at, NOW)).toBe(text);
  });

  test("the exact time names its zone", () => {
    expect(formatExact(NOW, "UTC")).toMatch(/15 Jun 2026.*12:00:00.*UTC/);
  });

  test("rates keep three figures", () => {
    expect([formatRate(1_243.7), formatRate(38.46), formatRate(0.4)]).toEqual(["1,240", "38.5", "0.4"]);
  });
});
