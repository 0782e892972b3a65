import { compareKeys } from "@/lib/core/bytes-order";
import { SluiceError } from "@/lib/core/errors";
import { LIST_EMPTY_PAGES_MAX, LIST_PAGES_MAX, SEAM_TRIES_MAX } from "@/lib/core/limits";
import type { ListedObject, ListPage } from "@/lib/source/source";
import type { ListingRange } from "./manifest";
import type { Seams } from "./seams";
import { openTokenWatch } from "./token-watch";
import type { ListingDeps, Window } from "./walk-listing";

/** How a walk ended: all its windows are handed on, or the store's answers cannot be used as they come. */
export type RangeEnding = "in_order" | "disorder" | "start_after_ignored";

/** What one walk knows of a window. */
export type WalkedWindow = Omit<Window, "isLeading">;
export type OnWalked = (window: WalkedWindow) => Promise<void>;

/**
 * One range from its cursor on. Strange answers are expected; everything worse is thrown. While a window is handed on,
 * the end of the range may come nearer, though not as near as that window: the walk then ends there. The last window is
 * handed on when the next range is known to begin where this one ends.
 */
export async function walkRange(
  deps: ListingDeps,
  args: { prefix: string; range: ListingRange; seams: Seams },
  onWindow: OnWalked,
): Promise<RangeEnding> {
  const tellFirst = args.seams.begin(args.range);
  try {
    const from = args.range.cursorKey ?? args.range.afterKey;
    return await walkPages(deps, { ...args, tellFirst, from, vainWalks: 0 }, onWindow);
  } finally {
    tellFirst(undefined);
  }
}

type WalkArgs = {
  prefix: string;
  range: ListingRange;
  seams: Seams;
  tellFirst: ReturnType<Seams["begin"]>;
  /** The key behind which it walks. */
  from: string;
  /** How often a walk from there has ended before the range did, with no key at all. */
  vainWalks: number;
};

async function walkPages(deps: ListingDeps, args: WalkArgs, onWindow: OnWalked): Promise<RangeEnding> {
  const { prefix, range, seams, tellFirst } = args;
  let cursor = args.from;
  const startAfter = cursor === "" ? null : cursor;
  let isFirstPage = true;
  for await (const page of pagesOf(deps, { prefix, startAfter, range })) {
    const first = page.objects[0];
    const isBehind = first !== undefined && compareKeys(first.key, cursor) <= 0;
    if (isBehind && isFirstPage && startAfter !== null) return "start_after_ignored";
    if (!isInOrder(page.objects, cursor, prefix)) return "disorder";
    if (first !== undefined || page.nextToken === null) tellFirst(first?.key ?? null);
    isFirstPage = false;

    const objects = upTo(page.objects, range.untilKey);
    const last = objects.at(-1);
    const isLast = page.nextToken === null || isAtEnd(page, range.untilKey);
    if (!last && !isLast) continue;
    if (isLast && range.untilKey !== null) {
      const nextKey = page.objects[objects.length]?.key ?? null;
      const seam = await seams.check({ lastKey: last?.key ?? cursor, untilKey: range.untilKey, nextKey });
      if (seam === "ended_early") return goOn(deps, { ...args, from: cursor }, objects, onWindow);
      if (seam !== "in_order") return seam;
    }
    const untilKey = isLast ? range.untilKey : (last?.key ?? null);
    await onWindow({ range, afterKey: cursor, untilKey, objects });
    if (isLast) return "in_order";
    cursor = last?.key ?? cursor;
  }
  return "in_order";
}

/** The walk goes on behind the keys that it has, since there are more than it was told. */
async function goOn(
  deps: ListingDeps,
  args: WalkArgs,
  objects: ListedObject[],
  onWindow: OnWalked,
): Promise<RangeEnding> {
  const { range, from: afterKey, vainWalks } = args;
  const last = objects.at(-1)?.key;
  if (last === undefined && vainWalks >= SEAM_TRIES_MAX)
    throw disorder("says that a listing has ended where it has not");
  if (last === undefined) return walkPages(deps, { ...args, vainWalks: vainWalks + 1 }, onWindow);
  await onWindow({ range, afterKey, untilKey: last, objects });
  return walkPages(deps, { ...args, from: last, vainWalks: 0 }, onWindow);
}

/**
 * The pages of one walk, with what no page may do refused: repeat a token, or go on without a key for ever. The next
 * page is asked for while the present one is worked on, so two are in memory; none is asked for behind the end of the
 * range, wherever that is by then.
 */
export async function* pagesOf(
  deps: Pick<ListingDeps, "source" | "stages" | "signal">,
  args: { prefix: string; startAfter: string | null; range: Pick<ListingRange, "untilKey"> },
): AsyncGenerator<ListPage> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([deps.signal, leaving.signal]);
  const ask = (token: string | null): Promise<ListPage> => {
    const { prefix, startAfter } = args;
    const page = deps.stages.time("list", () => deps.source.listPage({ prefix, startAfter, token, signal }));
    // Its error is met when the page is waited for, or never, when the walk has ended before.
    page.catch(() => undefined);
    return page;
  };
  const tokens = openTokenWatch();
  let emptyPages = 0;
  try {
    let next = ask(null);
    for (let count = 0; count < LIST_PAGES_MAX; count++) {
      const page = await next;
      deps.signal.throwIfAborted();
      emptyPages = page.objects.length === 0 ? emptyPages + 1 : 0;
      if (emptyPages > LIST_EMPTY_PAGES_MAX) throw disorder("sends page after page without a single key");
      const { nextToken } = page;
      if (nextToken !== null && tokens.comesAgain(nextToken)) {
        throw disorder("repeats a continuation token, so its listing would never end");
      }
      const isEnded = nextToken === null || isAtEnd(page, args.range.untilKey);
      if (!isEnded) next = ask(nextToken);
      yield page;
      if (isEnded) return;
    }
    throw disorder(`sent ${LIST_PAGES_MAX} pages without coming to an end`);
  } finally {
    leaving.abort(new Error("nobody waits for the next page any more"));
  }
}

/** The page reaches the end of the range, or goes beyond it. */
function isAtEnd(page: ListPage, untilKey: string | null): boolean {
  const last = page.objects.at(-1);
  return untilKey !== null && last !== undefined && compareKeys(last.key, untilKey) >= 0;
}

function isInOrder(objects: readonly ListedObject[], cursor: string, prefix: string): boolean {
  let previous = cursor;
  for (const { key } of objects) {
    if (compareKeys(key, previous) <= 0 || !key.startsWith(prefix)) return false;
    previous = key;
  }
  return true;
}

/** Keys beyond the range belong to the next one. */
function upTo(objects: ListedObject[], untilKey: string | null): ListedObject[] {
  const last = objects.at(-1);
  if (untilKey === null || last === undefined || compareKeys(last.key, untilKey) <= 0) return objects;
  return objects.filter(({ key }) => compareKeys(key, untilKey) <= 0);
}

function disorder(what: string): SluiceError {
  return new SluiceError({
    code: "listing_disorder",
    effect: "stop",
    message: `The store ${what}. Nothing was removed. Ask its operator, or try another endpoint.`,
  });
}
