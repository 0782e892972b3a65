import { describe, expect, test } from "vitest";
import { LIST_RANGE_KEYS_MIN, LIST_RANGES_MAX, LIST_WALKERS } from "@/lib/core/limits";
import { openListingCuts } from "./listing-cuts";

const key = (at: number) => `key-${String(at).padStart(9, "0")}`;

function cutsOf(windows: number, keysEach: number, order: (at: number) => number = (at) => at): string[] {
  const cuts = openListingCuts();
  for (let at = 0; at < windows; at++) cuts.add(key(order(at)), keysEach);
  cuts.add(null, keysEach);
  return cuts.choose();
}

describe("where a listing is cut", () => {
  test("a bucket that one walker lists soon is not cut", () => {
    expect(cutsOf(3, 1_000)).toEqual([]);
    expect(openListingCuts().choose()).toEqual([]);
  });

  test("a bucket that is large enough is cut into a part for each walker, of like size", () => {
    const windows = (LIST_RANGE_KEYS_MIN * LIST_WALKERS) / 1_000;
    const cuts = cutsOf(windows, 1_000);
    expect(cuts).toHaveLength(LIST_WALKERS - 1);
    expect(cuts[0]).toBe(key(Math.ceil((windows + 1) / LIST_WALKERS) - 1));
  });

  test("in what is known of a bucket when a large part of it was walked by somebody else", () => {
    const cuts = openListingCuts();
    cuts.add(key(500), LIST_RANGE_KEYS_MIN * 10);
    for (let at = 501; at <= 520; at++) cuts.add(key(at), LIST_RANGE_KEYS_MIN / 10);
    cuts.add(null, 0);
    // Ten of twelve parts lie before the first mark; the second one behind it holds nine tenths of another two.
    expect(cuts.choose()).toEqual([key(500), key(510)]);
  });

  test("however large, into a bounded number of parts, and in key order whatever the order of the windows", () => {
    const windows = 20_000;
    const cuts = cutsOf(windows, 1_000, (at) => (at * 7_919) % windows);
    expect(cuts).toHaveLength(LIST_RANGES_MAX - 1);
    expect(cuts).toEqual(cuts.toSorted());
    const sizes = cuts.map((cut, at) => Number(cut.slice(4)) - Number((cuts[at - 1] ?? key(0)).slice(4)));
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeLessThan(1.2);
  });
});
