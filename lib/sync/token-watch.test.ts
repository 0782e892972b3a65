import { expect, test } from "vitest";
import { openTokenWatch } from "./token-watch";

/** The number of tokens after which one is noticed to come again; null: none was. */
function noticedAfter(tokens: Iterable<string>): number | null {
  const watch = openTokenWatch();
  let count = 0;
  for (const token of tokens) {
    count += 1;
    if (watch.comesAgain(token)) return count;
  }
  return null;
}

function* cycle(before: number, length: number, count: number): Iterable<string> {
  for (let at = 0; at < count; at++) yield at < before ? `before ${at}` : `in ${(at - before) % length}`;
}

test("tokens that are all others are never taken for the same", () => {
  expect(noticedAfter(cycle(10_000, 1, 10_000))).toBeNull();
});

test.each([
  [0, 1],
  [0, 2],
  [0, 3],
  [5, 1],
  [5, 7],
  [100, 3],
  [3, 100],
  [1_000, 999],
])("a cycle behind %i others, of %i, is noticed before three rounds of what is longer", (before, length) => {
  const count = noticedAfter(cycle(before, length, 100_000)) ?? Number.POSITIVE_INFINITY;
  expect(count).toBeGreaterThan(before + length);
  expect(count).toBeLessThanOrEqual(3 * Math.max(before, length) + length + 1);
});
