import { compareKeys } from "@/lib/core/bytes-order";
import { UNCHANGED_COMMIT_MS, WINDOW_PART_KEYS } from "@/lib/core/limits";
import { admitWindow, type CountPlaces, placesFor } from "./admit";
import { admitParked } from "./admit-parked";
import { applyPlanned } from "./apply-planned";
import {
  emptyCounts,
  emptyRecord,
  type ListingRange,
  type ManifestRow,
  type RangeProgress,
  type WindowCounts,
  type WindowRecord,
} from "./manifest";
import { type PlanFacts, planWindow } from "./plan";
import { documentsWithoutText, planMoves } from "./plan-moves";
import { planOnly } from "./plan-only";
import type { RunStore } from "./run-store";
import type { StageClock } from "./stages";
import type { Window } from "./walk-listing";
import { digestOfListed } from "./window-digest";
import { openWritePace, type WritePace } from "./write-pace";

export type ComparisonDeps = { store: RunStore; stages: StageClock; now: () => number };

export type ComparisonArgs = {
  facts: Omit<PlanFacts, "now">;
  /** sync: record what changed. plan: write it down only. apply: record what stands in the plan, too. */
  mode: "sync" | "plan" | "apply";
  countPlaces: CountPlaces;
  /** New keys over the limit that a plan remembers: no more could ever get a place. */
  parkedMax: number;
  signal: AbortSignal;
};

/** Compares windows with the manifest and records what they mean. Windows of different ranges may come at once. */
export type Comparison = { take(window: Window): Promise<void> };

/** What is known of the parts of a range that changed nothing, and is not yet committed. */
type Unwritten = { counts: WindowCounts; progress: RangeProgress; since: number };

/** A part of a window whose rows were read whole. */
type Part = { objects: Window["objects"]; known: ManifestRow[]; afterKey: string; progress: RangeProgress };

export function openComparison(deps: ComparisonDeps, args: ComparisonArgs): Comparison {
  const { store, stages } = deps;
  const unwritten = new Map<ListingRange, Unwritten>();
  const pace = openWritePace(WINDOW_PART_KEYS);
  let parkedMax = args.parkedMax;
  let led: ListingRange | null = null;

  /** Counts and cursor of windows without a change are committed together, those of half a second at once. */
  const putOff = async (range: ListingRange, counts: WindowCounts, progress: RangeProgress) => {
    const waiting = unwritten.get(range);
    const since = waiting?.since ?? deps.now();
    unwritten.set(range, { counts: addWindowCounts(waiting?.counts, counts), progress, since });
    if (progress.isClosed || deps.now() - since >= UNCHANGED_COMMIT_MS)
      await write(range, emptyRecord(progress));
  };

  /** Whatever moves the cursor commits the counts that were put off before it. */
  const takeCounts = (range: ListingRange, counts: WindowCounts): WindowCounts => {
    const waiting = unwritten.get(range);
    unwritten.delete(range);
    return addWindowCounts(waiting?.counts, counts);
  };

  const write = async (range: ListingRange, record: WindowRecord) => {
    const counts = takeCounts(range, record.counts);
    return stages.time("store", () => store.recordWindow({ ...record, counts }));
  };

  /**
   * A range that leads now has parked what was new in it until then. That, and what was parked before it, comes first
   * in key order.
   */
  const lead = async ({ range, afterKey, isLeading }: Window) => {
    if (!isLeading || args.mode !== "sync" || led === range) return;
    const { facts, countPlaces, signal } = args;
    if (afterKey !== "")
      await admitParked(store, { scope: facts.scope, untilKey: afterKey, countPlaces, signal });
    led = range;
  };

  const takePart = async ({ range, isLeading }: Window, part: Part) => {
    const tookMs = await recordPart(range, part, isLeading);
    const count = Math.max(part.objects.length, part.known.length);
    if (tookMs !== null) pace.learn({ count, tookMs, isFull: count >= pace.countMax() });
  };

  /** How long the transaction was open; null when it is put off. */
  const recordPart = async (range: ListingRange, part: Part, isLeading: boolean): Promise<number | null> => {
    const facts = { ...args.facts, now: deps.now() };
    const changes = planWindow(part.objects, part.known, facts);
    const places = await placesFor(changes, isLeading, args.countPlaces);
    if (args.mode === "plan") {
      const planned = planOnly(changes, part.known, { places, progress: part.progress, parkedMax });
      parkedMax -= planned.changes.filter(({ kind }) => kind === "parked").length;
      const counts = takeCounts(range, planned.counts);
      return stages.time("store", () => store.recordPlanned({ ...planned, counts }));
    }
    const failedTags = await store.readFailedTags(documentsWithoutText(changes, part.known));
    const move = planMoves(changes, part.known, { scope: facts.scope, failedTags });
    const admitted =
      args.mode === "apply"
        ? await applyPlanned(store, { changes, places, ...part })
        : admitWindow(changes, places, part.progress);
    const record = { ...admitted, move };
    if (!changesNothing(record)) return write(range, record);
    await putOff(range, record.counts, part.progress);
    return null;
  };

  return {
    take: async (window) => {
      await lead(window);
      const listed = window.objects.length;
      if (await stages.time("compare", () => isAsStored(store, args, window))) {
        const progress = progressAt(window, window.afterKey);
        return putOff(window.range, { ...emptyCounts(), listed, unchanged: listed }, progress);
      }
      for await (const part of partsOf(deps, window, pace)) await takePart(window, part);
    },
  };
}

/** The whole window in one question. Only a plain comparison can be answered so. */
async function isAsStored(store: RunStore, args: ComparisonArgs, window: Window): Promise<boolean> {
  if (args.facts.isReread || window.objects.length === 0) return false;
  const listed = digestOfListed(window.objects, args.facts.scope);
  if (listed === null) return false;
  // One row more than are listed is enough to tell the texts apart.
  const countMax = window.objects.length + 1;
  const { afterKey, untilKey } = window;
  return listed === (await store.readDigest({ afterKey, untilKey, countMax }));
}

/**
 * The window with the manifest's rows of it, in parts of no more keys than a short transaction can record: a page has a
 * thousand, and after a large deletion the manifest may hold far more of the same range.
 */
async function* partsOf(deps: ComparisonDeps, window: Window, pace: WritePace): AsyncGenerator<Part> {
  let afterKey = window.afterKey;
  let objects = window.objects;
  for (let isWhole = false; !isWhole; ) {
    const countMax = pace.countMax();
    const from = { afterKey, untilKey: window.untilKey, countMax };
    const rows = await deps.stages.time("compare", () => deps.store.readWindow(from));
    const endKey = endOfPart(rows, objects, countMax);
    isWhole = endKey === null || endKey === window.untilKey;
    const isWithin = ({ key }: { key: string }) => isWhole || compareKeys(key, endKey ?? "") <= 0;
    const part = objects.filter(isWithin);
    objects = objects.slice(part.length);
    const progress =
      isWhole || endKey === null
        ? progressAt(window, afterKey)
        : { position: window.range.position, cursorKey: endKey, isClosed: false };
    yield { objects: part, known: rows.filter(isWithin), afterKey, progress };
    afterKey = progress.cursorKey;
  }
}

/** The key up to which all rows were read and no more objects are listed than a part may have; null: all of them. */
function endOfPart(
  rows: readonly ManifestRow[],
  objects: Window["objects"],
  countMax: number,
): string | null {
  const lastRead = rows[countMax - 1]?.key;
  const lastListed = objects.length > countMax ? objects[countMax - 1]?.key : undefined;
  if (lastRead === undefined || lastListed === undefined) return lastRead ?? lastListed ?? null;
  return compareKeys(lastRead, lastListed) < 0 ? lastRead : lastListed;
}

/** Where the walker stands behind the whole window. */
function progressAt(window: Window, afterKey: string): RangeProgress {
  return {
    position: window.range.position,
    cursorKey: window.untilKey ?? window.objects.at(-1)?.key ?? afterKey,
    isClosed: window.untilKey === window.range.untilKey,
  };
}

function changesNothing(record: WindowRecord): boolean {
  const { range: _range, counts: _counts, ...lists } = record;
  return Object.values(lists).every((list) => list.length === 0);
}

function addWindowCounts(left: WindowCounts | undefined, right: WindowCounts): WindowCounts {
  if (left === undefined) return right;
  const skipped = { ...left.skipped };
  for (const reason of Object.keys(right.skipped) as (keyof typeof skipped)[]) {
    skipped[reason] = (skipped[reason] ?? 0) + (right.skipped[reason] ?? 0);
  }
  return {
    listed: left.listed + right.listed,
    unchanged: left.unchanged + right.unchanged,
    overLimit: left.overLimit + right.overLimit,
    skipped,
  };
}
