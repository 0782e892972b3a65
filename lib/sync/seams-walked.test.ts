import { describe, expect, test } from "vitest";
import { type ListPage, NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import type { MemorySource } from "@/lib/source/testing/memory-source";
import { expectTiled, nameOf, pagesOfKeys } from "./testing/listing-expectations";
import { openListingRig } from "./testing/listing-rig";

type ListArgs = Parameters<ObjectSource["listPage"]>[0];

/** A listing of two ranges, over a store that changes some of its pages. */
function listingWith(change: (page: ListPage, args: ListArgs) => ListPage) {
  const source = (bucket: MemorySource): ObjectSource => ({
    listPage: async (args) => change(await bucket.listPage(args), args),
    read: bucket.read.bind(bucket),
    findings: () => NOTHING_FOUND,
    close: () => {},
  });
  return openListingRig({ keys: pagesOfKeys(20), pageKeys: 10, source });
}

const MIDDLE = nameOf(99);

describe("a page of the first of two ranges says that it is the last, and is not", () => {
  test("the walk goes on behind it, and no key is missed", async () => {
    let lies = 0;
    const rig = listingWith((page, { startAfter }) => {
      const isInFirst = startAfter === null && page.objects.some(({ key }) => key === nameOf(35));
      if (!isInFirst || lies++ > 0) return page;
      return { ...page, nextToken: null };
    });
    expect(await rig.walk({ cuts: [MIDDLE] })).toBe("sorted");
    expectTiled(rig);
    expect(lies).toBe(1);
  });

  test("though it has no key at all", async () => {
    let lies = 0;
    const rig = listingWith((page, { startAfter, token }) => {
      if (startAfter !== null || token === null || lies++ > 0) return page;
      return { ...page, objects: [], nextToken: null };
    });
    expect(await rig.walk({ cuts: [MIDDLE] })).toBe("sorted");
    expectTiled(rig);
  });

  test("again and again: the listing ends with an error, and its last window is never handed on", async () => {
    const rig = listingWith((page, { startAfter }) => {
      const isBehind = startAfter !== null && startAfter >= nameOf(9) && startAfter < MIDDLE;
      // What the seam asks for by itself is answered as it should be: every other time.
      if (startAfter === null) return { ...page, nextToken: null };
      return isBehind && asks++ % 2 === 0 ? { ...page, objects: [], nextToken: null } : page;
    });
    let asks = 0;
    await expect(rig.walk({ cuts: [MIDDLE] })).rejects.toMatchObject({ code: "listing_disorder" });
    expect(rig.windows.some(({ untilKey }) => untilKey === MIDDLE)).toBe(false);
  });
});
