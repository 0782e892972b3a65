import pLimit from "p-limit";
import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_WALKERS } from "@/lib/core/limits";
import { openRangeCutter } from "./cut-ranges";
import { openListingCuts } from "./listing-cuts";
import type { ListingRange } from "./manifest";
import { openSeams } from "./seams";
import type { ListingArgs, ListingDeps, OnWindow } from "./walk-listing";
import { type RangeEnding, walkRange } from "./walk-range";

/**
 * The open ranges side by side. Where walkers have nothing to do, they take what is cut from those that are walked. The
 * first strange answer ends all walks, since it makes their windows worthless.
 */
export async function walkRanges(
  deps: ListingDeps,
  args: ListingArgs,
  onWindow: OnWindow,
): Promise<RangeEnding> {
  const ranges = await deps.store.openRanges(args.cuts ?? []);
  const open = ranges.filter(({ isClosed }) => !isClosed);
  const marks = openListingCuts();
  // Of what an earlier worker has walked, only how far it came and how many keys that were is known.
  for (const { isClosed, untilKey, cursorKey, listed } of ranges) {
    if (listed > 0) marks.add(isClosed ? untilKey : cursorKey, listed);
  }
  const unclosed = new Set(open);
  const leads = ({ afterKey }: ListingRange) =>
    [...unclosed].every((other) => compareKeys(afterKey, other.afterKey) <= 0);
  const stopping = new AbortController();
  const signal = AbortSignal.any([deps.signal, stopping.signal]);
  let ending: RangeEnding = "in_order";

  const limit = pLimit(LIST_WALKERS);
  const walks: Promise<void>[] = [];
  // The first that fails ends the others: its error is the reason of the signal.
  const start = (range: ListingRange) => {
    walks.push(limit(() => walk(range)).catch((thrown) => stopping.abort(thrown)));
  };
  const cutter = openRangeCutter(
    { ...deps, signal },
    {
      prefix: args.prefix,
      rangeCount: ranges.length,
      countWalkers: () => limit.activeCount + limit.pendingCount,
      walkersMax: args.cuts === null ? 1 : LIST_WALKERS,
      onCut: (added) => {
        unclosed.add(added);
        start(added);
      },
    },
  );
  const seams = openSeams({ ...deps, signal }, args.prefix);
  const walk = async (range: ListingRange) => {
    if (stopping.signal.aborted) return;
    const follower = cutter.follow(range);
    const ended = await walkRange(
      { ...deps, signal },
      { prefix: args.prefix, range, seams },
      async (window) => {
        follower.begin();
        await onWindow({ ...window, isLeading: leads(range) });
        marks.add(window.untilKey, window.objects.length);
        await follower.finish(window);
      },
    ).finally(() => follower.leave());
    if (ended === "in_order") return void unclosed.delete(range);
    ending = ended;
    stopping.abort(new Error("another walker found the listing out of order"));
  };

  for (const range of open) start(range);
  // A walk may start others.
  for (const walking of walks) await walking;
  if (ending !== "in_order") return ending;
  if (stopping.signal.aborted) throw stopping.signal.reason;
  if (open.length > 0) await deps.store.rememberCuts(marks.choose());
  return ending;
}
