import { expect, test } from "vitest";
import { draw, drawWhole } from "./draw";

const THOUSAND = Array.from({ length: 1_000 }, (_, at) => at);

test("the same words give the same number, other words another", () => {
  expect(draw("object", "a.txt", 1)).toBe(draw("object", "a.txt", 1));
  expect(new Set(THOUSAND.map((at) => draw("object", at))).size).toBe(THOUSAND.length);
});

test("numbers are spread evenly from 0 to 1", () => {
  for (const share of [0.05, 0.15, 0.5, 0.9]) {
    const met = THOUSAND.filter((at) => draw("spread", at) < share).length / THOUSAND.length;
    expect(Math.abs(met - share)).toBeLessThan(0.05);
  }
});

test("whole numbers reach both of their bounds and none beyond", () => {
  const drawn = new Set(THOUSAND.map((at) => drawWhole(3, 7, "whole", at)));
  expect([...drawn].toSorted()).toEqual([3, 4, 5, 6, 7]);
});
