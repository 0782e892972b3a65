import { compareKeys } from "@/lib/core/bytes-order";
import { SluiceError } from "@/lib/core/errors";
import { LIST_EMPTY_PAGES_MAX, LIST_PAGE_KEYS_MAX, LIST_PAGES_MAX } from "@/lib/core/limits";
import type { ListedObject, ListPage, ObjectSource } from "@/lib/source/source";
import type { ListingRange, RunStore } from "./manifest";

/** All listed keys in (afterKey, untilKey], in key order. `untilKey` null: to the end of everything. */
export type Window = {
  range: ListingRange;
  afterKey: string;
  untilKey: string | null;
  objects: ListedObject[];
};

export type ListingDeps = { source: ObjectSource; store: RunStore; signal: AbortSignal };

/**
 * Lists the prefix and hands on every window in key order, each exactly once; resolves when the listing is complete.
 *
 * Order is checked, not believed. A store that lists out of order is walked once more by token alone, its keys are
 * put aside in the database, and the windows are read from there. Rejects with `listing_disorder` when the store
 * repeats a token or never comes to an end; a rejection proves nothing about any key.
 */
export async function walkListing(
  deps: ListingDeps,
  args: { prefix: string; isUnsorted: boolean },
  onWindow: (window: Window) => Promise<void>,
): Promise<void> {
  if (args.isUnsorted) return walkUnsorted(deps, args.prefix, onWindow);
  for (const range of await deps.store.openRanges()) {
    if (range.isClosed) continue;
    const ending = await walkRange(deps, args.prefix, range, onWindow);
    if (ending === "in_order") continue;
    await deps.store.restartListing();
    await deps.store.rememberUnsorted();
    return walkUnsorted(deps, args.prefix, onWindow);
  }
}

/** One range from its cursor on. A disorder is an expected answer; everything worse is thrown. */
async function walkRange(
  deps: ListingDeps,
  prefix: string,
  range: ListingRange,
  onWindow: (window: Window) => Promise<void>,
): Promise<"in_order" | "disorder"> {
  let cursor = range.cursorKey ?? range.afterKey;
  const startAfter = cursor === "" ? null : cursor;
  for await (const page of pagesOf(deps, prefix, startAfter)) {
    if (!isInOrder(page.objects, cursor, prefix)) return "disorder";
    const isLast = page.nextToken === null;
    const last = page.objects.at(-1);
    if (!last && !isLast) continue;
    await onWindow({
      range,
      afterKey: cursor,
      untilKey: isLast ? range.untilKey : (last?.key ?? null),
      objects: page.objects,
    });
    cursor = last?.key ?? cursor;
  }
  return "in_order";
}

async function walkUnsorted(
  deps: ListingDeps,
  prefix: string,
  onWindow: (window: Window) => Promise<void>,
): Promise<void> {
  const range = (await deps.store.openRanges())[0];
  if (!range || range.isClosed) return;
  // The cursor stands in the staged keys; before the first window there may be half a staging, which is made again.
  for await (const page of pagesOf(deps, prefix, null)) {
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

/** The pages of one walk, with what no page may do refused: repeat a token, or go on without a key for ever. */
async function* pagesOf(
  deps: ListingDeps,
  prefix: string,
  startAfter: string | null,
): AsyncGenerator<ListPage> {
  const tokens = new Set<string>();
  let token: string | null = null;
  let emptyPages = 0;
  for (let count = 0; count < LIST_PAGES_MAX; count++) {
    deps.signal.throwIfAborted();
    const page: ListPage = await deps.source.listPage({ prefix, startAfter, token, signal: deps.signal });
    emptyPages = page.objects.length === 0 ? emptyPages + 1 : 0;
    if (emptyPages > LIST_EMPTY_PAGES_MAX) throw disorder("sends page after page without a single key");
    yield page;
    token = page.nextToken;
    if (token === null) return;
    if (tokens.has(token)) throw disorder("repeats a continuation token, so its listing would never end");
    tokens.add(token);
  }
  throw disorder(`sent ${LIST_PAGES_MAX} pages without coming to an end`);
}

function isInOrder(objects: readonly ListedObject[], cursor: string, prefix: string): boolean {
  let previous = cursor;
  for (const { key } of objects) {
    if (compareKeys(key, previous) <= 0 || !key.startsWith(prefix)) return false;
    previous = key;
  }
  return true;
}

function disorder(what: string): SluiceError {
  return new SluiceError({
    code: "listing_disorder",
    effect: "stop",
    message: `The store ${what}. Nothing was removed. Ask its operator, or try another endpoint.`,
  });
}
