import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_EMPTY_PAGES_MAX, SEAM_TRIES_MAX } from "@/lib/core/limits";
import type { ListPage } from "@/lib/source/source";
import type { ListingRange } from "./manifest";
import type { ListingDeps } from "./walk-listing";
import type { RangeEnding } from "./walk-range";

/**
 * Where the ranges of a listing meet. A walk that comes to the end of its range has met a key behind it, and that must
 * be what the next range begins with. Then the two walks are what one alone would have been, whose order is checked. In
 * a store that lists by another order than that of bytes, keys could otherwise be met in neither range, though each of
 * them comes in order.
 */
export type Seams = {
  /** A range is walked from here on. The call that it gives is told the first key, null when there is none. */
  begin(range: ListingRange): TellFirst;
  /** `lastKey` is the last one up to the range's end, `nextKey` the first one behind it; null: there is none. */
  check(end: { lastKey: string; untilKey: string; nextKey: string | null }): Promise<Seam>;
};

/** `ended_early`: the range has keys behind the one that its walk took for the last. */
export type Seam = RangeEnding | "ended_early";

/** Undefined: the walk is over. Only the first word counts. */
type TellFirst = (firstKey: string | null | undefined) => void;

export function openSeams(deps: ListingDeps, prefix: string): Seams {
  /** What walks meet first, by the key that they begin behind. */
  const begun = new Map<string, Promise<string | null | undefined>>();

  const ask = (startAfter: string, token: string | null): Promise<ListPage> => {
    const { source, stages, signal } = deps;
    return stages.time("list", () => source.listPage({ prefix, startAfter, token, signal }));
  };
  /** The first key that a listing from `startAfter` on has. */
  const firstFrom = async (startAfter: string): Promise<string | null> => {
    let token: string | null = null;
    for (let pages = 0; pages <= LIST_EMPTY_PAGES_MAX; pages++) {
      const page = await ask(startAfter, token);
      const [first] = page.objects;
      if (first !== undefined || page.nextToken === null) return first?.key ?? null;
      token = page.nextToken;
    }
    return null;
  };

  return {
    begin: ({ cursorKey, afterKey }) => {
      // A walk that goes on at a cursor does not meet what comes first.
      if (cursorKey !== null) return () => {};
      let tell: TellFirst = () => {};
      const first = new Promise<string | null | undefined>((resolve) => {
        tell = resolve;
      });
      begun.set(afterKey, first);
      return tell;
    },
    check: async ({ lastKey, untilKey, nextKey }) => {
      if (lastKey === untilKey || (await begun.get(untilKey)) === nextKey) return "in_order";
      // The bucket may have changed in between, so both sides are asked again.
      let next = nextKey;
      for (let tries = 0; tries < SEAM_TRIES_MAX; tries++) {
        const first = await firstFrom(untilKey);
        if (first !== null && compareKeys(first, untilKey) <= 0) return "start_after_ignored";
        if (first === next) return "in_order";
        next = await firstFrom(lastKey);
        // Added since, or a page has said that it is the last and was not.
        if (next !== null && isWithin(next, lastKey, untilKey)) return "ended_early";
      }
      return "disorder";
    },
  };
}

function isWithin(key: string, afterKey: string, untilKey: string): boolean {
  return compareKeys(key, afterKey) > 0 && compareKeys(key, untilKey) <= 0;
}
