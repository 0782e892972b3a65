import { compareKeys } from "@/lib/core/bytes-order";
import type { ListedObject, ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import type { ListingOrder, ListingRange } from "../manifest";
import { openStageClock } from "../stages";
import {
  type ListingArgs,
  type ListingDeps,
  type WalkStore,
  type Window,
  walkListing,
} from "../walk-listing";

/** A listing over a bucket in memory, whose clock goes on by what pages and windows are said to take. */
export type ListingRig = {
  bucket: MemorySource;
  deps: ListingDeps;
  /** What was handed on, in the order it came. */
  windows: Handed[];
  ranges: () => ListingRange[];
  remembered: { order: ListingOrder | null; cuts: readonly string[] | null };
  walk(args?: Partial<ListingArgs>): Promise<ListingOrder>;
};

export type Handed = { position: number; afterKey: string; untilKey: string | null; keys: string[] };

export type RigArgs = {
  keys: Iterable<string>;
  /** Of a page. */
  pageKeys?: number;
  pageMs?: number;
  workMs?: number;
  source?: (bucket: MemorySource) => ObjectSource;
  bearsMore?: () => boolean;
};

export function openListingRig(args: RigArgs): ListingRig {
  const { pageKeys = 10, pageMs = 100, workMs = 1, bearsMore = () => true } = args;
  const bucket = new MemorySource({ pageKeys });
  for (const key of args.keys) bucket.put(key, "");
  const clock = { now: 0 };
  bucket.beforePage = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    clock.now += pageMs;
  };
  const windows: Handed[] = [];
  const remembered: ListingRig["remembered"] = { order: null, cuts: null };
  const { store, ranges } = storeInMemory(remembered, windows);
  const deps: ListingDeps = {
    source: args.source?.(bucket) ?? bucket,
    store,
    stages: openStageClock(() => clock.now),
    bearsMore,
    signal: new AbortController().signal,
  };
  const take = async (window: Window) => {
    clock.now += workMs;
    const { range, afterKey, untilKey, objects } = window;
    windows.push({ position: range.position, afterKey, untilKey, keys: objects.map(({ key }) => key) });
    const row = ranges().find(({ position }) => position === range.position);
    if (row === undefined) throw new Error("A window of a range that there is not.");
    row.cursorKey = untilKey ?? objects.at(-1)?.key ?? afterKey;
    row.listed += objects.length;
    row.isClosed = untilKey === range.untilKey;
  };
  const walk = (asked: Partial<ListingArgs> = {}) =>
    walkListing(deps, { prefix: "", order: "sorted", cuts: [], ...asked }, take);
  return { bucket, deps, windows, ranges, remembered, walk };
}

/** Rows as the database has them: whoever opens ranges gets copies. */
function storeInMemory(remembered: ListingRig["remembered"], windows: Handed[]) {
  let rows: ListingRange[] = [];
  let staged: ListedObject[] = [];
  const store: WalkStore = {
    openRanges: async (cuts) => {
      if (rows.length === 0) {
        rows = [...cuts, null].map((untilKey, position) =>
          rangeOf(position, cuts[position - 1] ?? "", untilKey),
        );
      }
      return rows.map((row) => ({ ...row }));
    },
    cutRange: async ({ position, cutKey }) => {
      const row = rows.find((one) => one.position === position);
      if (row === undefined || row.isClosed) return null;
      if (compareKeys(row.cursorKey ?? row.afterKey, cutKey) >= 0) return null;
      if (row.untilKey !== null && compareKeys(cutKey, row.untilKey) >= 0) return null;
      const added = rangeOf(rows.length, cutKey, row.untilKey);
      row.untilKey = cutKey;
      rows.push(added);
      return { ...added };
    },
    restartListing: async () => {
      rows = [];
      windows.length = 0;
    },
    rememberOrder: async (order) => {
      remembered.order = order;
    },
    rememberCuts: async (cuts) => {
      remembered.cuts = cuts;
    },
    stageObjects: async (objects) => {
      const known = new Set(staged.map(({ key }) => key));
      staged = [...staged, ...objects.filter(({ key }) => !known.has(key))].sort((left, right) =>
        compareKeys(left.key, right.key),
      );
    },
    readStaged: async (afterKey, countMax) =>
      staged.filter(({ key }) => compareKeys(key, afterKey) > 0).slice(0, countMax),
  };
  return { store, ranges: () => rows };
}

function rangeOf(position: number, afterKey: string, untilKey: string | null): ListingRange {
  return { position, afterKey, untilKey, cursorKey: null, listed: 0, isClosed: false };
}
