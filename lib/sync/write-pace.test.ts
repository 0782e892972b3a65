import { describe, expect, test } from "vitest";
import { WRITE_OPEN_MS } from "@/lib/core/limits";
import { nextCountMax, openWritePace } from "./write-pace";

const BOUNDS = { min: 25, start: 100, max: 200 };

/** A worker that always has enough to store, on a database that takes so long for each object. */
function sizesAt(msPerObject: number, transactions: number, fixedMs = 0): number[] {
  const pace = openWritePace(BOUNDS);
  return Array.from({ length: transactions }, () => {
    const objects = pace.countMax();
    pace.learn({ count: objects, tookMs: fixedMs + objects * msPerObject, isFull: true });
    return objects;
  });
}

describe("the next transaction of outcomes", () => {
  test.each([
    {
      what: "one that was too long is followed by what would have fitted",
      from: 200,
      count: 200,
      tookMs: WRITE_OPEN_MS * 1.5,
      to: 133,
    },
    {
      what: "by half of it at least: the machine may have been busy",
      from: 200,
      count: 200,
      tookMs: 900,
      to: 100,
    },
    {
      what: "also where it held less than it might",
      from: 200,
      count: 150,
      tookMs: WRITE_OPEN_MS * 1.2,
      to: 125,
    },
    {
      what: "but never by less than the least",
      from: 30,
      count: 30,
      tookMs: 900,
      to: BOUNDS.min,
    },
    {
      what: "one that was full and short is followed by more",
      from: 80,
      count: 80,
      tookMs: (WRITE_OPEN_MS * 2) / 3,
      to: 120,
    },
    { what: "by twice as many at most", from: 50, count: 50, tookMs: 0, to: 100 },
    {
      what: "but never by more than the most",
      from: 150,
      count: 150,
      tookMs: 1,
      to: BOUNDS.max,
    },
    { what: "one that was short and not full says nothing", from: 100, count: 3, tookMs: 2, to: 100 },
    {
      what: "nor does one that took just as long as it may",
      from: 100,
      count: 99,
      tookMs: WRITE_OPEN_MS,
      to: 100,
    },
    {
      what: "one may be full that holds less: the next thing would have been too much",
      from: 100,
      count: 90,
      isFull: true,
      tookMs: 10,
      to: 180,
    },
  ])("$what", ({ from, count, tookMs, to, isFull = count >= from }) => {
    expect(nextCountMax(from, { count, tookMs, isFull }, BOUNDS)).toBe(to);
  });

  test("is as large as may be where the database is fast, from the third on", () => {
    expect(sizesAt(0.08, 4).slice(1)).toEqual(Array(3).fill(BOUNDS.max));
  });

  test("takes the time it may where the database is slow", () => {
    for (const size of sizesAt(0.25, 20, 1).slice(1))
      expect(1 + size * 0.25).toBeLessThanOrEqual(WRITE_OPEN_MS);
    expect(sizesAt(0.25, 20, 1).at(-1)).toBeGreaterThan(70);
  });

  test("is as large as before behind a single one that was long", () => {
    const pace = openWritePace(BOUNDS);
    for (let at = 0; at < 5; at++) pace.learn({ count: pace.countMax(), tookMs: 8, isFull: true });
    pace.learn({ count: pace.countMax(), tookMs: 400, isFull: true });
    expect(pace.countMax()).toBe(BOUNDS.max);
    pace.learn({ count: pace.countMax(), tookMs: 400, isFull: true });
    expect(pace.countMax()).toBe(BOUNDS.max / 2);
  });

  test("recovers when what made it long has passed", () => {
    const pace = openWritePace(BOUNDS);
    for (let at = 0; at < 10; at++) pace.learn({ count: pace.countMax(), tookMs: 400, isFull: true });
    expect(pace.countMax()).toBe(BOUNDS.min);
    for (let at = 0; at < 3; at++) pace.learn({ count: pace.countMax(), tookMs: 2, isFull: true });
    expect(pace.countMax()).toBe(BOUNDS.max);
  });
});
