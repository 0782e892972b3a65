import { LIST_PAGE_KEYS_MAX, LIST_PAGES_MAX, LIST_WALKERS } from "@/lib/core/limits";
import type { ListedObject, ObjectSource } from "@/lib/source/source";
import { openListingCuts } from "./listing-cuts";
import type { ListingOrder, ListingRange } from "./manifest";
import type { ListingStore } from "./run-store";
import type { StageClock } from "./stages";
import { pagesOf, type RangeEnding, walkRange } from "./walk-range";

/** All listed keys in (afterKey, untilKey], in key order. `untilKey` null: to the end of everything. */
export type Window = {
  range: ListingRange;
  afterKey: string;
  untilKey: string | null;
  objects: ListedObject[];
};

export type ListingDeps = {
  source: ObjectSource;
  store: ListingStore;
  stages: StageClock;
  signal: AbortSignal;
};

export type ListingArgs = {
  prefix: string;
  /** What earlier runs found out about the store. */
  order: ListingOrder;
  /** Where earlier runs would cut; none: one walker. */
  cuts: readonly string[];
};

type OnWindow = (window: Window) => Promise<void>;

/**
 * Lists the prefix and hands on every window exactly once, in key order within its range; resolves when the listing
 * is complete. Windows of different ranges are handed on at the same time.
 *
 *   found while walking            then
 *   nothing strange                the ranges are walked side by side, each from its cursor
 *   StartAfter is not honoured     the marks are dropped, and one walker begins anew and never resumes by key
 *   keys out of order              the marks are dropped; one walk by token, its keys put aside, windows from there
 *
 * The connection remembers what was found, and it resolves with that. Rejects with `listing_disorder` when the store repeats a token or never
 * comes to an end; a rejection proves nothing about any key.
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

/** The open ranges side by side. The first strange answer ends all walks, since it makes their windows worthless. */
async function walkRanges(deps: ListingDeps, args: ListingArgs, onWindow: OnWindow): Promise<RangeEnding> {
  const ranges = await deps.store.openRanges(args.cuts);
  const open = ranges.filter(({ isClosed }) => !isClosed);
  const cuts = openListingCuts();
  // Of what an earlier worker has walked, only how far it came and how many keys that were is known.
  for (const { isClosed, untilKey, cursorKey, listed } of ranges) {
    if (listed > 0) cuts.add(isClosed ? untilKey : cursorKey, listed);
  }
  const isAnyOpen = open.length > 0;
  const stopping = new AbortController();
  const signal = AbortSignal.any([deps.signal, stopping.signal]);
  let ending: RangeEnding = "in_order";

  const walkNext = async () => {
    for (let range = open.shift(); range && ending === "in_order"; range = open.shift()) {
      const ended = await walkRange({ ...deps, signal }, { prefix: args.prefix, range }, async (window) => {
        await onWindow(window);
        cuts.add(window.untilKey, window.objects.length);
      });
      if (ended === "in_order") continue;
      ending = ended;
      stopping.abort(new Error("another walker found the listing out of order"));
    }
  };
  const walkers = Array.from({ length: Math.min(LIST_WALKERS, open.length) }, () =>
    walkNext().catch((thrown) => {
      if (ending === "in_order") stopping.abort(thrown);
      throw thrown;
    }),
  );
  const ended = await Promise.allSettled(walkers);
  if (ending === "in_order") throwFirst(ended, stopping.signal);
  if (ending === "in_order" && isAnyOpen) await deps.store.rememberCuts(cuts.choose());
  return ending;
}

/** The walker that failed has ended the others: its error is the reason of the signal. */
function throwFirst(ended: PromiseSettledResult<void>[], stopped: AbortSignal): void {
  const broken = ended.find((walker) => walker.status === "rejected");
  if (broken) throw stopped.aborted ? stopped.reason : broken.reason;
}

/** From the beginning, whatever an earlier worker had reached: a key is no place to go on from. */
async function walkUnsplit(deps: ListingDeps, prefix: string, onWindow: OnWindow): Promise<RangeEnding> {
  const known = await deps.store.openRanges([]);
  const isUntouched = known.length === 1 && known[0]?.cursorKey === null;
  if (!isUntouched) await deps.store.restartListing();
  const [range] = isUntouched ? known : await deps.store.openRanges([]);
  return range ? walkRange(deps, { prefix, range }, onWindow) : "in_order";
}

async function walkUnsorted(deps: ListingDeps, prefix: string, onWindow: OnWindow): Promise<void> {
  const range = (await deps.store.openRanges([]))[0];
  if (!range || range.isClosed) return;
  // The cursor stands in the staged keys; before the first window there may be half a staging, which is made again.
  for await (const page of pagesOf(deps, { prefix, startAfter: null, untilKey: null })) {
    await deps.store.stageObjects(page.objects.filter((object) => object.key.startsWith(prefix)));
  }
  let cursor = range.cursorKey ?? range.afterKey;
  for (let window = 0; window < LIST_PAGES_MAX; window++) {
    deps.signal.throwIfAborted();
    const objects = await deps.store.readStaged(cursor, LIST_PAGE_KEYS_MAX);
    const isLast = objects.length < LIST_PAGE_KEYS_MAX;
    const last = objects.at(-1)?.key ?? cursor;
    await onWindow({ range, afterKey: cursor, untilKey: isLast ? null : last, objects });
    if (isLast) return;
    cursor = last;
  }
}
