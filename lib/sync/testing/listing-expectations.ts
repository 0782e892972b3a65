import { expect } from "vitest";
import { compareKeys } from "@/lib/core/bytes-order";
import { type ListingRig, openListingRig, type RigArgs } from "./listing-rig";

export const PAGE_KEYS = 10;
export const nameOf = (at: number) => `key-${String(at).padStart(7, "0")}`;
export const pagesOfKeys = (count: number) =>
  Array.from({ length: count * PAGE_KEYS }, (_, at) => nameOf(at));

/** A listing of sixty pages of a slow store, walked to its end, unless told otherwise. */
export async function walked(args: Partial<RigArgs> = {}): Promise<ListingRig> {
  const rig = openListingRig({ keys: pagesOfKeys(60), pageKeys: PAGE_KEYS, ...args });
  await rig.walk();
  return rig;
}

/** Every key once, in windows that follow each other from the beginning to the end of everything. */
export function expectTiled({ bucket, windows, ranges }: ListingRig): void {
  const inOrder = windows.toSorted((left, right) => compareKeys(left.afterKey, right.afterKey));
  expect(["", ...inOrder.map(({ untilKey }) => untilKey)]).toEqual([
    ...inOrder.map(({ afterKey }) => afterKey),
    null,
  ]);
  const isOutside = (key: string, { afterKey, untilKey }: ListingRig["windows"][number]) =>
    compareKeys(key, afterKey) <= 0 || (untilKey !== null && compareKeys(key, untilKey) > 0);
  expect(inOrder.flatMap((window) => window.keys.filter((key) => isOutside(key, window)))).toEqual([]);
  expect(inOrder.flatMap(({ keys }) => keys)).toEqual(bucket.keys());
  expect(ranges().every(({ isClosed }) => isClosed)).toBe(true);
  const first = ranges().toSorted((left, right) => compareKeys(left.afterKey, right.afterKey))[0];
  expect(first?.position).toBe(0);
}

/** How many walks were under way at once. */
export function watchWalkers(rig: ListingRig): { max: number } {
  const seen = { max: 0 };
  const { store } = rig.deps;
  const { cutRange } = store;
  store.cutRange = async (args) => {
    const added = await cutRange(args);
    seen.max = Math.max(seen.max, rig.ranges().filter(({ isClosed }) => !isClosed).length);
    return added;
  };
  return seen;
}
