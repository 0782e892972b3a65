import { LIST_PAGE_KEYS_MAX, LIST_PAGES_MAX } from "@/lib/core/limits";
import type { ListedObject, ObjectSource } from "@/lib/source/source";
import type { ListingOrder, ListingRange } from "./manifest";
import type { ListingStore } from "./run-store";
import { openSeams } from "./seams";
import type { StageClock } from "./stages";
import { type OnWalked, pagesOf, type RangeEnding, walkRange } from "./walk-range";
import { walkRanges } from "./walk-ranges";

/** All listed keys in (afterKey, untilKey], in key order. `untilKey` null: to the end of everything. */
export type Window = {
  range: ListingRange;
  afterKey: string;
  untilKey: string | null;
  objects: ListedObject[];
  /** Every range before its own is walked to its end and handed on. */
  isLeading: boolean;
};

export type ListingDeps = {
  source: ObjectSource;
  store: WalkStore;
  stages: StageClock;
  /** Whether the store could be sent more requests than it is, and their answers taken. */
  bearsMore: () => boolean;
  signal: AbortSignal;
};

/** What of the database a listing needs, beside those who compare its windows. */
export type WalkStore = Pick<
  ListingStore,
  | "openRanges"
  | "cutRange"
  | "restartListing"
  | "rememberOrder"
  | "rememberCuts"
  | "stageObjects"
  | "readStaged"
>;

export type ListingArgs = {
  prefix: string;
  /** What earlier runs found out about the store. */
  order: ListingOrder;
  /** Where earlier runs would cut; null: it is walked by one walker, however long that takes. */
  cuts: readonly string[] | null;
};

export type OnWindow = (window: Window) => Promise<void>;

/** The windows of one walk that has no other beside it. */
const alone =
  (onWindow: OnWindow): OnWalked =>
  (window) =>
    onWindow({ ...window, isLeading: true });

/**
 * Lists the prefix and hands on every window exactly once, in key order within its range; resolves when the listing
 * is complete. Windows of different ranges are handed on at the same time.
 *
 *   found while walking            then
 *   nothing strange                the ranges are walked side by side, each from its cursor
 *   StartAfter is not honoured     the marks are dropped, and one walker begins anew and never resumes by key
 *   keys out of order              the marks are dropped; one walk by token, its keys put aside, windows from there
 *
 * The connection remembers what was found, and it resolves with that. Rejects with `listing_disorder` when the store
 * repeats a token or never comes to an end; a rejection proves nothing about any key.
 */
export async function walkListing(
  deps: ListingDeps,
  args: ListingArgs,
  onWindow: OnWindow,
): Promise<ListingOrder> {
  const { order } = args;
  if (order === "unsorted") {
    await walkUnsorted(deps, args.prefix, onWindow);
    return order;
  }
  const isCut = order === "sorted";
  const ending = isCut
    ? await walkRanges(deps, args, onWindow)
    : await walkUnsplit(deps, args.prefix, onWindow);
  if (ending === "in_order") return order;

  await deps.store.restartListing();
  const found = ending === "disorder" ? "unsorted" : "unsplit";
  await deps.store.rememberOrder(found);
  return walkListing(deps, { ...args, order: found }, onWindow);
}

/** From the beginning, unless an earlier worker came to the end: a key is no place to go on from. */
async function walkUnsplit(deps: ListingDeps, prefix: string, onWindow: OnWindow): Promise<RangeEnding> {
  const known = await deps.store.openRanges([]);
  if (known.every(({ isClosed }) => isClosed)) return "in_order";
  const isUntouched = known.length === 1 && known[0]?.cursorKey === null;
  if (!isUntouched) await deps.store.restartListing();
  const [range] = isUntouched ? known : await deps.store.openRanges([]);
  return range
    ? walkRange(deps, { prefix, range, seams: openSeams(deps, prefix) }, alone(onWindow))
    : "in_order";
}

async function walkUnsorted(deps: ListingDeps, prefix: string, onWindow: OnWindow): Promise<void> {
  const range = (await deps.store.openRanges([]))[0];
  if (!range || range.isClosed) return;
  // The cursor stands in the staged keys; before the first window there may be half a staging, which is made again.
  for await (const page of pagesOf(deps, { prefix, startAfter: null, range: { untilKey: null } })) {
    await deps.store.stageObjects(page.objects.filter((object) => object.key.startsWith(prefix)));
  }
  let cursor = range.cursorKey ?? range.afterKey;
  for (let window = 0; window < LIST_PAGES_MAX; window++) {
    deps.signal.throwIfAborted();
    const objects = await deps.store.readStaged(cursor, LIST_PAGE_KEYS_MAX);
    const isLast = objects.length < LIST_PAGE_KEYS_MAX;
    const last = objects.at(-1)?.key ?? cursor;
    await alone(onWindow)({ range, afterKey: cursor, untilKey: isLast ? null : last, objects });
    if (isLast) return;
    cursor = last;
  }
}
