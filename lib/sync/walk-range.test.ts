import { describe, expect, test } from "vitest";
import { LIST_EMPTY_PAGES_MAX, LIST_PAGES_MAX } from "@/lib/core/limits";
import { type ListPage, NOTHING_FOUND, type ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { openStageClock } from "./stages";
import { pagesOf } from "./walk-range";

const everything = { prefix: "", startAfter: null, range: { untilKey: null } };

/** A store that answers the nth request with this page. */
function storeOf(pageAt: (at: number) => ListPage): { source: ObjectSource; count: () => number } {
  const rest = new MemorySource();
  let asked = 0;
  return {
    count: () => asked,
    source: {
      listPage: async () => {
        asked += 1;
        return pageAt(asked);
      },
      read: (args) => rest.read(args),
      findings: () => NOTHING_FOUND,
      close: () => {},
    },
  };
}

const page = (keys: string[], nextToken: string | null): ListPage => ({
  objects: keys.map((key) => ({ key, etag: "e", sizeBytes: 1, lastModified: 1, storageClass: "STANDARD" })),
  nextToken,
  bytes: 1,
});

async function walk(source: ObjectSource, onPage: (page: ListPage) => void | Promise<void> = () => {}) {
  const { signal } = new AbortController();
  for await (const one of pagesOf({ source, signal, stages: openStageClock() }, everything))
    await onPage(one);
}

describe("the pages of a listing that would never end", () => {
  test("end with a clear error when they hold no key, page after page", async () => {
    const store = storeOf((at) => page([], `token ${at}`));
    await expect(walk(store.source)).rejects.toMatchObject({ code: "listing_disorder", effect: "stop" });
    expect(store.count()).toBeLessThanOrEqual(LIST_EMPTY_PAGES_MAX + 2);
  });

  test("are allowed as many without a key as a store may need to come to one", async () => {
    const store = storeOf((at) =>
      at <= LIST_EMPTY_PAGES_MAX ? page([], `token ${at}`) : page(["key"], null),
    );
    await walk(store.source);
    expect(store.count()).toBe(LIST_EMPTY_PAGES_MAX + 1);
  });

  test("end with a clear error after the last page that any bucket could have", async () => {
    const store = storeOf((at) => page([String(at).padStart(9, "0")], `token ${at}`));
    await expect(walk(store.source)).rejects.toMatchObject({ code: "listing_disorder" });
    expect(store.count()).toBeLessThanOrEqual(LIST_PAGES_MAX + 1);
  });

  test("end with a clear error when a token comes again, also after others", async () => {
    const store = storeOf((at) => page([String(at).padStart(9, "0")], `token ${at % 3}`));
    await expect(walk(store.source)).rejects.toMatchObject({ code: "listing_disorder" });
    expect(store.count()).toBeLessThanOrEqual(3 * 3 + 1);
  });
});

test("two pages are in memory at most, however slowly they are worked on", async () => {
  const store = storeOf((at) => page([String(at).padStart(3, "0")], at < 50 ? `token ${at}` : null));
  let taken = 0;
  await walk(store.source, async () => {
    taken += 1;
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.count() - taken).toBeLessThanOrEqual(1);
  });
  expect(taken).toBe(50);
});
