import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import type { MemorySource } from "@/lib/source/testing/memory-source";
import {
  expectTiled,
  nameOf,
  PAGE_KEYS,
  pagesOfKeys,
  walked,
  watchWalkers,
} from "./testing/listing-expectations";
import { openListingRig } from "./testing/listing-rig";

describe("a listing that is cut and then interrupted", () => {
  /** The walk of a worker that dies after so many windows. */
  const interrupted = async (windowCount: number) => {
    const rig = openListingRig({ keys: pagesOfKeys(120), pageKeys: PAGE_KEYS });
    const dying = new AbortController();
    rig.deps.signal = dying.signal;
    const { beforePage } = rig.bucket;
    rig.bucket.beforePage = async (args) => {
      await beforePage?.(args);
      if (rig.windows.length >= windowCount) dying.abort(new Error("the worker dies"));
    };
    await expect(rig.walk()).rejects.toThrow("the worker dies");
    rig.deps.signal = new AbortController().signal;
    rig.bucket.beforePage = beforePage;
    return rig;
  };

  test.each([12, 25, 40, 60, 85])("after %i windows, goes on inside every range", async (windowCount) => {
    const rig = await interrupted(windowCount);
    const before = rig
      .ranges()
      .map(({ position, cursorKey, isClosed }) => ({ position, cursorKey, isClosed }));
    const known = rig.windows.length;
    await rig.walk();
    expectTiled(rig);
    for (const { position, cursorKey, isClosed } of before) {
      const next = rig.windows.slice(known).find((window) => window.position === position);
      // One that was walked to its end is not listed again, and of the others nothing that was handed on.
      if (isClosed) expect(next).toBeUndefined();
      else if (cursorKey !== null) expect(next?.afterKey).toBe(cursorKey);
    }
  });
});

describe("a store that answers strangely while ranges are cut", () => {
  const over = (listPage: (bucket: MemorySource) => ObjectSource["listPage"]) => (bucket: MemorySource) => ({
    listPage: listPage(bucket),
    read: bucket.read.bind(bucket),
    findings: () => NOTHING_FOUND,
    close: () => {},
  });

  test("is not cut when it lists from the beginning wherever a walk is to begin, and is asked once", async () => {
    const deaf = over((bucket) => (args) => bucket.listPage({ ...args, startAfter: null }));
    const rig = await walked({ source: deaf });
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(1);
    expect(rig.bucket.counts.listed).toBe(61);
  });

  test("is listed in order after all when a part that was cut off is out of order", async () => {
    const swapped = over((bucket) => async (args) => {
      const page = await bucket.listPage(args);
      const [first, second] = page.objects;
      // Only where a walk goes on in the last part, and not where a key is looked for.
      if (!first || !second || args.token === null || first.key < nameOf(1_500)) return page;
      return { ...page, objects: [second, first, ...page.objects.slice(2)] };
    });
    const rig = openListingRig({ keys: pagesOfKeys(200), pageKeys: PAGE_KEYS, source: swapped });
    const walkers = watchWalkers(rig);
    expect(await rig.walk()).toBe("unsorted");
    expect(walkers.max).toBeGreaterThan(1);
    expect(rig.remembered.order).toBe("unsorted");
    expect(rig.windows.flatMap(({ keys }) => keys)).toEqual(rig.bucket.keys());
    expect(rig.ranges()).toHaveLength(1);
  });

  test("begins anew by one walker when it ignores StartAfter once a range is cut off", async () => {
    let starts = 0;
    const late = over((bucket) => (args) => {
      const isStart = args.token === null && args.startAfter !== null;
      // The probes are answered as they should be.
      if (isStart && rig.ranges().length > 1) starts += 1;
      return bucket.listPage(starts > 0 && isStart ? { ...args, startAfter: null } : args);
    });
    const rig = openListingRig({ keys: pagesOfKeys(100), pageKeys: PAGE_KEYS, source: late });
    expect(await rig.walk()).toBe("unsplit");
    expect(starts).toBeGreaterThan(0);
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(1);
  });

  /** Lists by an order of its own, which it keeps to wherever a listing begins. */
  const sortedBy = (rankOf: (key: string) => string) =>
    over((bucket) => async ({ startAfter, token, prefix }) => {
      const keys = bucket.keys().toSorted((left, right) => (rankOf(left) < rankOf(right) ? -1 : 1));
      const after = token ?? startAfter ?? "";
      await bucket.beforePage?.({ startAfter, token, prefix, signal: new AbortController().signal });
      const rest = keys.filter((key) => rankOf(key) > rankOf(after));
      const page = rest.slice(0, PAGE_KEYS);
      const objects = page.map((key) => ({
        key,
        etag: "e",
        sizeBytes: 1,
        lastModified: 1,
        storageClass: "S",
      }));
      return { objects, nextToken: rest.length > PAGE_KEYS ? (page.at(-1) ?? null) : null, bytes: 1 };
    });
  const numbered = (folder: string, count: number) =>
    Array.from({ length: count }, (_, at) => `${folder}${String(at).padStart(4, "0")}`);

  test.each<[string, string[], (key: string) => string, string[]]>([
    [
      "folder by folder",
      [...numbered("a/", 60), ...numbered("foo-", 60), ...numbered("foo/", 60), ...numbered("z/", 60)],
      (key) => key.replaceAll("/", "\u0001"),
      ["foo-m"],
    ],
    [
      "by UTF-16",
      [...numbered("a", 60), ...numbered("x\uff01", 60), ...numbered("x😀", 60)],
      // JavaScript compares texts that way by itself.
      (key) => key,
      ["x\uff010030"],
    ],
    [
      "without regard to capitals",
      [...numbered("a", 60), ...numbered("B", 60), ...numbered("c", 60), ...numbered("D", 60)],
      (key) => key.toLowerCase(),
      ["C"],
    ],
  ])("that lists %s loses no key where its ranges meet", async (_order, keys, rankOf, cuts) => {
    const rig = openListingRig({ keys, pageKeys: PAGE_KEYS, source: sortedBy(rankOf) });
    expect(await rig.walk({ cuts })).toBe("unsorted");
    expect(rig.windows.flatMap((window) => window.keys)).toEqual(rig.bucket.keys());
  });

  test("and whose order shows only behind the cut loses no key either", async () => {
    const keys = [...numbered("a", 300), ...numbered("x\uff01", 300), ...numbered("x😀", 300)];
    const rig = openListingRig({ keys, pageKeys: PAGE_KEYS, source: sortedBy((key) => key) });
    expect(await rig.walk()).toBe("unsorted");
    expect(rig.windows.flatMap((window) => window.keys)).toEqual(rig.bucket.keys());
  });

  test("keeps its order when only its bucket has changed where two ranges meet", async () => {
    const cut = `${nameOf(99)}-gone`;
    const rig = openListingRig({ keys: pagesOfKeys(20), pageKeys: PAGE_KEYS });
    const { beforePage } = rig.bucket;
    rig.bucket.beforePage = async (args) => {
      await beforePage?.(args);
      if (args.startAfter !== cut || args.token !== null) return;
      // The first walk has met this key, and the second one does not.
      for (let turn = 0; turn < 100 && rig.windows.length < 10; turn++) await beforePage?.(args);
      rig.bucket.remove(nameOf(100));
    };
    expect(await rig.walk({ cuts: [cut] })).toBe("sorted");
    expect(rig.remembered.order).toBeNull();
    expectTiled(rig);
  });

  test("and refuses the probes is walked to its end by one walker", async () => {
    const refusing = over((bucket) => async (args) => {
      if (args.token !== null || args.startAfter === null) return bucket.listPage(args);
      throw new SluiceError({ code: "source_unreachable", effect: "retry", message: "No." });
    });
    const rig = await walked({ source: refusing });
    expectTiled(rig);
    expect(rig.ranges()).toHaveLength(1);
  });

  test("and never answers the probes is walked to its end all the same", async () => {
    const silent = over((bucket) => async (args) => {
      if (args.token !== null || args.startAfter === null) return bucket.listPage(args);
      return new Promise((_resolve, reject) => {
        args.signal.addEventListener("abort", () => reject(args.signal.reason));
      });
    });
    expectTiled(await walked({ source: silent }));
  });

  test("ends with the error of the walk that failed, and no other walk goes on", async () => {
    const error = new SluiceError({ code: "source_denied", effect: "stop", message: "No more." });
    const failing = over((bucket) => async (args) => {
      const page = await bucket.listPage(args);
      if (rig.ranges().length > 2 && args.token === null) throw error;
      return page;
    });
    const rig = openListingRig({ keys: pagesOfKeys(200), pageKeys: PAGE_KEYS, source: failing });
    await expect(rig.walk()).rejects.toBe(error);
    const { length } = rig.windows;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(rig.windows).toHaveLength(length);
    expect(rig.remembered.cuts).toBeNull();
  });

  test("ends with the database's error when the cut is not this worker's to make any more", async () => {
    const lost = new SluiceError({ code: "lease_lost", effect: "stop", message: "Another has it." });
    const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
    rig.deps.store.cutRange = async () => {
      throw lost;
    };
    await expect(rig.walk()).rejects.toBe(lost);
  });
});

test("a cut that the walk has passed while it was looked for is not made", async () => {
  const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
  const { beforePage } = rig.bucket;
  let probes = 0;
  let cuts = 0;
  rig.bucket.beforePage = async (args) => {
    const isProbe = args.token === null && args.startAfter !== null;
    if (isProbe) probes += 1;
    // Half of what is left lies far before this window.
    for (let turn = 0; isProbe && turn < 1_000 && rig.windows.length < 45; turn++) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await beforePage?.(args);
  };
  rig.deps.store.cutRange = async () => {
    cuts += 1;
    return null;
  };
  await rig.walk();
  expectTiled(rig);
  expect(probes).toBeGreaterThan(2);
  expect(cuts).toBe(0);
});

test("a cut that the database refuses is not made", async () => {
  const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS });
  rig.deps.store.cutRange = async () => null;
  await rig.walk();
  expectTiled(rig);
});
