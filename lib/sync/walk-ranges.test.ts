import { describe, expect, test } from "vitest";
import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_CUT_PAGES, LIST_CUT_PROBES_MAX, LIST_RANGES_CUT_MAX, LIST_WALKERS } from "@/lib/core/limits";
import { KEY_SHAPES, keysOf, seededRandom } from "./testing/key-shapes";
import {
  expectTiled,
  nameOf,
  PAGE_KEYS,
  pagesOfKeys,
  walked,
  watchWalkers,
} from "./testing/listing-expectations";
import { openListingRig, type RigArgs } from "./testing/listing-rig";

describe("a listing that nothing is known of", () => {
  test("is cut while it is walked where its store is slow, into ranges that tile it", async () => {
    const rig = openListingRig({ keys: pagesOfKeys(200), pageKeys: PAGE_KEYS });
    const walkers = watchWalkers(rig);
    await rig.walk();
    expectTiled(rig);
    expect(walkers.max).toBe(LIST_WALKERS);
    // The first range has what its walker did alone, and its share of the rest.
    const counts = rig.ranges().map(({ listed }) => listed);
    expect(Math.max(...counts)).toBeLessThan(rig.bucket.keys().length / 2);
  });

  test("of sixty pages, too", async () => {
    const rig = await walked();
    expectTiled(rig);
    expect(rig.ranges().length).toBeGreaterThan(1);
    // A few look for the cut, and the page that it falls into comes twice.
    expect(rig.bucket.counts.listed).toBeLessThan(60 + 4 * LIST_CUT_PROBES_MAX);
  });

  test.each<[string, Partial<RigArgs>]>([
    ["whose store answers as fast as on this machine", { pageMs: 2, workMs: 0 }],
    ["whose pages are waited for less long than they are worked on", { pageMs: 100, workMs: 120 }],
    ["whose store has asked to slow down", { bearsMore: () => false }],
    ["of a few pages", { keys: pagesOfKeys(LIST_CUT_PAGES) }],
  ])("%s is walked by one walker", async (_what, args) => {
    const rig = await walked(args);
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(1);
    expect(rig.bucket.counts.listed).toBe(rig.windows.length);
  });

  test("is cut no more once its store has asked to slow down", async () => {
    let cuts = 0;
    const rig = openListingRig({ keys: pagesOfKeys(200), pageKeys: PAGE_KEYS, bearsMore: () => cuts === 0 });
    const { cutRange } = rig.deps.store;
    rig.deps.store.cutRange = (args) => {
      cuts += 1;
      return cutRange(args);
    };
    await rig.walk();
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(2);
  });

  test("is not cut when its store asks to slow down while the key is looked for", async () => {
    const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
    let probes = 0;
    const { beforePage } = rig.bucket;
    rig.bucket.beforePage = async (args) => {
      if (args.token === null && args.startAfter !== null) probes += 1;
      await beforePage?.(args);
    };
    rig.deps.bearsMore = () => probes === 0;
    await rig.walk();
    expectTiled(rig);
    expect(probes).toBeGreaterThan(0);
    expect(rig.ranges()).toHaveLength(1);
  });

  test("is walked by one walker where that is asked for", async () => {
    const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
    await rig.walk({ cuts: null });
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(1);
  });

  test.each(["unsplit", "unsorted"] as const)(
    "is never cut where the store is known as %s",
    async (order) => {
      const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
      await rig.walk({ order });
      expect(rig.ranges()).toHaveLength(1);
      expect(rig.windows.flatMap(({ keys }) => keys)).toEqual(rig.bucket.keys());
    },
  );

  test("has a bounded number of ranges, and asks hardly more than one walker would", async () => {
    const cuts = Array.from({ length: LIST_RANGES_CUT_MAX - 3 }, (_, at) => nameOf(at));
    const rig = openListingRig({ keys: pagesOfKeys(600), pageKeys: PAGE_KEYS });
    await rig.walk({ cuts });
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(LIST_RANGES_CUT_MAX);
    expect(rig.bucket.counts.listed).toBeLessThan((600 + cuts.length) * 1.2);
  });

  test("has no more walkers than there may be, also when several look for a cut at once", async () => {
    const rig = openListingRig({ keys: pagesOfKeys(500), pageKeys: PAGE_KEYS });
    const walkers = watchWalkers(rig);
    const { beforePage } = rig.bucket;
    rig.bucket.beforePage = async (args) => {
      const isProbe = args.token === null && args.startAfter !== null;
      for (let turn = 0; isProbe && turn < 3; turn++) await beforePage?.(args);
      await beforePage?.(args);
    };
    await rig.walk();
    expectTiled(rig);
    expect(walkers.max).toBe(LIST_WALKERS);
  });

  test("cuts that earlier runs remembered are cut further", async () => {
    const rig = openListingRig({ keys: pagesOfKeys(200), pageKeys: PAGE_KEYS });
    await rig.walk({ cuts: [nameOf(30), nameOf(60)] });
    expectTiled(rig);
    expect(rig.ranges().length).toBeGreaterThan(3);
  });
});

describe("windows tile the listing, every key once, whatever the keys and however it is cut", () => {
  test.each(Object.entries(KEY_SHAPES))("%s", async (_name, shape) => {
    const rig = await walked({ keys: keysOf(shape, 900, seededRandom(5)) });
    expectTiled(rig);
    expect(rig.ranges().length).toBeGreaterThan(1);
  });

  test("random keys, pages and prefixes", async () => {
    const random = seededRandom(11);
    const some = (count: number) => Math.floor(random() * count);
    const letters = [..."ab/0 \n\u007fé文書\ud7ff\uff01😀\u{10ffff}"];
    let cut = 0;
    for (let round = 0; round < 60; round++) {
      const length = 1 + some(6);
      const keys = Array.from({ length: 100 + some(500) }, () =>
        Array.from({ length: 1 + some(length + 2) }, () => letters[some(letters.length)]).join(""),
      );
      const rig = await walked({ keys, pageKeys: 1 + some(12), pageMs: 15 + some(200), workMs: some(40) });
      expectTiled(rig);
      if (rig.ranges().length > 1) cut += 1;
    }
    expect(cut).toBeGreaterThan(20);
  });

  test("under a prefix", async () => {
    const keys = ["a", "b", "c"].flatMap((folder) => pagesOfKeys(60).map((key) => `${folder}/${key}`));
    const rig = openListingRig({ keys, pageKeys: PAGE_KEYS });
    await rig.walk({ prefix: "b/" });
    expect(rig.windows.flatMap((window) => window.keys).toSorted(compareKeys)).toEqual(
      rig.bucket.keys().filter((key) => key.startsWith("b/")),
    );
    expect(rig.ranges().length).toBeGreaterThan(1);
  });
});
