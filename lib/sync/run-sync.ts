import { setMaxListeners } from "node:events";
import { compareKeys } from "@/lib/core/bytes-order";
import { ADMIT_ROUNDS_MAX, MANIFEST_WINDOW_ROWS_MAX, READ_BATCH_OBJECTS_MAX } from "@/lib/core/limits";
import { EXTRACTOR_VERSION, type Extractor } from "@/lib/extract/extract";
import type { ObjectSource } from "@/lib/source/source";
import { admitWindow, type Places } from "./admit";
import type { RunStore } from "./manifest";
import { planWindow } from "./plan";
import { openReadQueue, type ReadQueue } from "./read-queue";
import { compileScope, joinTags, type RunSettings, type Scope } from "./scope";
import { settleAbsence } from "./settle-absence";
import { type Window, walkListing } from "./walk-listing";

/** Everything a run touches, handed in. The engine reaches for nothing by itself. */
export type SyncDeps = {
  source: ObjectSource;
  extractor: Extractor;
  store: RunStore;
  now: () => number;
  random: () => number;
};

export type SyncArgs = {
  settings: RunSettings;
  /** An earlier run found that the store lists out of order. */
  isUnsorted: boolean;
  signal: AbortSignal;
};

/**
 * One sync run, top to bottom. Resolves when everything listed is accounted for; rejects with what ended it.
 *
 * Whatever it has done is in the database, so the same run may be started again after a crash and goes on at its
 * cursors. Objects are read while the listing still goes on; nothing is removed before the listing is complete.
 */
export async function runSync(deps: SyncDeps, args: SyncArgs): Promise<void> {
  const scope = compileScope(args.settings);
  const stopping = new AbortController();
  const signal = AbortSignal.any([args.signal, stopping.signal]);
  // Every read under way listens to it; Node takes more than ten for a leak.
  setMaxListeners(0, signal);
  const reading = openReadQueue({
    ...deps,
    prefix: scope.prefix,
    signal,
    onStop: (thrown) => stopping.abort(thrown),
  });
  try {
    const places = { free: args.settings.documentLimit - (await deps.store.countPlacesTaken()) };

    await walkListing(
      { ...deps, signal },
      { prefix: scope.prefix, isUnsorted: args.isUnsorted },
      async (window) => {
        await recordWindow(deps, scope, window, places);
        reading.wake();
      },
    );
    const { listed } = await deps.store.closeListing(scope.prefix);

    await settleAbsence({ ...deps, scope, signal }, { listed, deletionPolicy: args.settings.deletionPolicy });
    await readUntilFull(deps.store, scope, reading, args.settings.documentLimit);
  } catch (thrown) {
    // When reading has ended the run, listing only echoes it.
    throw stopping.signal.aborted ? stopping.signal.reason : thrown;
  } finally {
    await reading.close();
  }
}

/**
 * Compare and record: what one window of the listing means for the same window of the manifest. Where the manifest
 * holds far more keys than the listing, as after a large deletion, the window is taken in parts.
 */
async function recordWindow(deps: SyncDeps, scope: Scope, window: Window, places: Places): Promise<void> {
  const facts = { scope, now: deps.now(), extractorVersion: EXTRACTOR_VERSION };
  let afterKey = window.afterKey;
  let objects = window.objects;
  for (let isWhole = false; !isWhole; ) {
    const countMax = MANIFEST_WINDOW_ROWS_MAX;
    const known = await deps.store.readWindow({ afterKey, untilKey: window.untilKey, countMax });
    const lastKnown = known.at(-1)?.key;
    isWhole = known.length < countMax || lastKnown === undefined || lastKnown === window.untilKey;
    const part = isWhole ? objects : objects.filter(({ key }) => compareKeys(key, lastKnown ?? "") <= 0);
    objects = objects.slice(part.length);

    const cursorKey = isWhole
      ? (window.untilKey ?? window.objects.at(-1)?.key ?? afterKey)
      : (lastKnown ?? afterKey);
    const range = {
      position: window.range.position,
      cursorKey,
      isClosed: isWhole && window.untilKey === window.range.untilKey,
    };
    await deps.store.recordWindow(admitWindow(planWindow(part, known, facts), places, range));
    afterKey = cursorKey;
  }
}

/** Reads what is queued; places that are still free then go to parked keys, in key order, until none is left. */
async function readUntilFull(
  store: RunStore,
  scope: Scope,
  reading: ReadQueue,
  limit: number,
): Promise<void> {
  await reading.drained();
  for (let round = 0; round < ADMIT_ROUNDS_MAX; round++) {
    const free = limit - (await store.countPlacesTaken());
    const parked = free > 0 ? await store.nextParked(Math.min(free, READ_BATCH_OBJECTS_MAX)) : [];
    if (parked.length === 0) return;
    await store.admitParked(parked.map(({ key }) => ({ key, tags: tagsOf(scope, key) })));
    await reading.drained();
  }
}

/** Keys without legal tags are never parked. */
function tagsOf(scope: Scope, key: string): string {
  const decision = scope.tagsFor(key);
  return decision.outcome === "tags" ? joinTags(decision.tags) : "";
}
