import { describe, expect, test } from "vitest";
import { type ListPage, NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import type { ListingOrder } from "./manifest";
import { listPresent } from "./prove-absent";

const name = (at: number) => `k/${String(at).padStart(5, "0")}`;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => name(from + at));

function bucketOf(keys: readonly string[], pageKeys = 1_000): MemorySource {
  const bucket = new MemorySource({ pageKeys });
  for (const key of keys) bucket.put(key, "text");
  return bucket;
}

async function presentIn(
  source: ObjectSource,
  keys: readonly string[],
  listingOrder: ListingOrder = "sorted",
) {
  const { signal } = new AbortController();
  const objects = await listPresent(keys, { source, prefix: "k/", listingOrder, signal });
  return objects.map(({ key }) => key);
}

describe("keys that are proved again", () => {
  test("take one request where they lie close together", async () => {
    const bucket = bucketOf([...range(0, 100), ...range(1_100, 1_200)]);
    expect(await presentIn(bucket, range(100, 1_100))).toEqual([]);
    expect(bucket.counts.listed).toBe(1);
  });

  test("take a page for as many as it reaches, and those that are back are found", async () => {
    const bucket = bucketOf(range(0, 300), 100);
    const keys = range(0, 300).map((key, at) => (at % 2 === 0 ? key : `${key}-gone`));
    const there = keys.filter((_, at) => at % 2 === 0);
    expect(await presentIn(bucket, keys)).toEqual(there);
    expect(bucket.counts.listed).toBeLessThan(10);
  });

  test("take a request each, and a page for eight of them, where they lie far apart", async () => {
    const bucket = bucketOf(range(0, 9_000), 2);
    const keys = range(0, 32).map((_, at) => (at % 2 === 0 ? name(at * 250) : `${name(at * 250)}-gone`));
    expect(await presentIn(bucket, keys)).toEqual(keys.filter((_, at) => at % 2 === 0));
    expect(bucket.counts.listed).toBeLessThanOrEqual(32 + 4);
  });

  test.each(["unsplit", "unsorted"] as const)(
    "are each listed alone in a store that is %s",
    async (order) => {
      const bucket = bucketOf([name(1), name(3)]);
      expect(await presentIn(bucket, [name(1), name(2), name(3)], order)).toEqual([name(1), name(3)]);
      expect(bucket.counts.listed).toBe(3);
    },
  );

  test("are each listed alone once the store answers from before the key it was to begin behind", async () => {
    const bucket = bucketOf(range(0, 50), 10);
    const deaf: ObjectSource = {
      listPage: (args) => bucket.listPage({ ...args, startAfter: null }),
      read: (args) => bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    expect(await presentIn(deaf, [name(20), `${name(21)}-gone`, name(40)])).toEqual([name(20), name(40)]);
  });

  test("are each listed alone once a page is out of order", async () => {
    const bucket = bucketOf(range(0, 50));
    const odd: ObjectSource = {
      listPage: async (args) => {
        const page = await bucket.listPage(args);
        const isAlone = page.objects.length === 1;
        return isAlone ? page : { ...page, objects: page.objects.filter((_, at) => at > 4).toReversed() };
      },
      read: (args) => bucket.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    };
    expect(await presentIn(odd, [name(1), `${name(2)}-gone`, name(3)])).toEqual([name(1), name(3)]);
  });

  test("keep the bytes they have, emoji at their end among them", async () => {
    const keys = ["k/", "k/a😀", "k/a\u{10FFFF}"];
    expect(await presentIn(bucketOf(keys), keys)).toEqual(keys);
  });

  test("are found behind pages that are empty and not the last", async () => {
    const bucket = bucketOf(["k/a"]);
    for (const order of ["sorted", "unsplit", "unsorted"] as const) {
      expect(await presentIn(withEmptyPages(bucket, 3), ["k/a", "k/b"], order)).toEqual(["k/a"]);
    }
  });

  test("are looked for among all keys that begin like them where the store keeps no order", async () => {
    const bucket = bucketOf(["k/a", "k/ab", "k/abc", "k/b"], 1);
    const backwards: ObjectSource = Object.assign(Object.create(bucket), {
      // A page a key, the last one first; the token is the place.
      listPage: async (args: ListArgs) => {
        const { objects } = await bucketOf(["k/a", "k/ab", "k/abc", "k/b"]).listPage({
          ...args,
          token: null,
        });
        const at = objects.length - 1 - Number(args.token ?? 0);
        return pageOf(objects.slice(at, at + 1), at > 0 ? `${objects.length - at}` : null);
      },
    });
    expect(await presentIn(backwards, ["k/a", "k/ac"], "unsorted")).toEqual(["k/a"]);
  });

  test("are not called absent by a store that never comes to an end", async () => {
    const endless = withEmptyPages(bucketOf(["k/a"]), Number.POSITIVE_INFINITY);
    await expect(presentIn(endless, ["k/a"], "unsplit")).rejects.toMatchObject({ code: "listing_disorder" });
  });
});

type ListArgs = Parameters<ObjectSource["listPage"]>[0];
const pageOf = (objects: ListPage["objects"], nextToken: string | null): ListPage => ({
  objects,
  nextToken,
  bytes: 0,
});

/** The bucket, with so many pages without a key before each of its own. */
function withEmptyPages(bucket: MemorySource, count: number): ObjectSource {
  return Object.assign(Object.create(bucket), {
    listPage: async (args: ListArgs) => {
      const at = Number(args.token ?? 0);
      return at < count ? pageOf([], `${at + 1}`) : bucket.listPage({ ...args, token: null });
    },
  });
}
