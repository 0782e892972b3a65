import { beforeEach, describe, expect, test } from "vitest";
import { SEAM_TRIES_MAX } from "@/lib/core/limits";
import { NOTHING_FOUND } from "@/lib/source/source";
import type { ListingRange } from "./manifest";
import { openSeams, type Seams } from "./seams";
import { type ListingRig, openListingRig, type RigArgs } from "./testing/listing-rig";

let rig: ListingRig;
let seams: Seams;
const open = (args: Partial<RigArgs> = {}) => {
  rig = openListingRig({ keys: ["a", "b", "d", "e"], ...args });
  seams = openSeams(rig.deps, "");
};
beforeEach(() => open());

const behindC = (cursorKey: string | null = null): ListingRange => ({
  position: 1,
  afterKey: "c",
  untilKey: null,
  cursorKey,
  listed: 0,
  isClosed: false,
});
const check = (nextKey: string | null, lastKey = "b") => seams.check({ lastKey, untilKey: "c", nextKey });
const asked = () => rig.bucket.counts.listed;

describe("two ranges meet", () => {
  test("where the second walk begins with what the first one has met, which takes no request", async () => {
    seams.begin(behindC())("d");
    expect(await check("d")).toBe("in_order");
    expect(asked()).toBe(0);
  });

  test("where the second walk has begun and its first page is still to come", async () => {
    const tell = seams.begin(behindC());
    const checking = check("d");
    tell("d");
    tell(undefined);
    expect(await checking).toBe("in_order");
    expect(asked()).toBe(0);
  });

  test("at a key that is there, whatever comes behind", async () => {
    expect(await check(null, "c")).toBe("in_order");
    expect(asked()).toBe(0);
  });

  test.each<[string, () => void]>([
    ["has not begun", () => {}],
    ["goes on at its cursor", () => seams.begin(behindC("d"))("e")],
    ["is over before it has met a key", () => seams.begin(behindC())(undefined)],
  ])("where the store says so when the second walk %s", async (_what, begin) => {
    begin();
    expect(await check("d")).toBe("in_order");
    expect(asked()).toBe(1);
  });

  test("where both have met no key any more", async () => {
    open({ keys: ["a", "b"] });
    expect(await check(null)).toBe("in_order");
    seams.begin(behindC())(null);
    expect(await check(null)).toBe("in_order");
    expect(asked()).toBe(1);
  });

  test("where the bucket has changed since one of them, or both, looked", async () => {
    seams.begin(behindC())("cc");
    expect(await check("d")).toBe("in_order");
    expect(asked()).toBe(1);
    expect(await check("cd")).toBe("in_order");
    expect(asked()).toBe(4);
  });
});

describe("two ranges do not meet", () => {
  test("where what one has met is not what the other begins with, however often they are asked", async () => {
    open({
      source: (bucket) => ({
        // From `b` on it lists `e` before `d`.
        listPage: async (args) => {
          const page = await bucket.listPage(args);
          return args.startAfter === "b" ? { ...page, objects: page.objects.toReversed() } : page;
        },
        read: (args) => bucket.read(args),
        findings: () => NOTHING_FOUND,
        close: () => {},
      }),
    });
    seams.begin(behindC())("d");
    expect(await check("e")).toBe("disorder");
    expect(asked()).toBe(2 * SEAM_TRIES_MAX);
  });

  test("in a store that lists from the beginning, wherever a listing is to begin", async () => {
    open({
      source: (bucket) => ({
        listPage: (args) => bucket.listPage({ ...args, startAfter: null }),
        read: (args) => bucket.read(args),
        findings: () => NOTHING_FOUND,
        close: () => {},
      }),
    });
    expect(await check("d")).toBe("start_after_ignored");
  });
});
