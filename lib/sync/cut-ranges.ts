import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_CUT_PAGES, LIST_RANGES_CUT_MAX } from "@/lib/core/limits";
import { type CutChoice, chooseCut } from "./choose-cut";
import type { ListingRange } from "./manifest";
import { isStoreAwaited, type PageTime } from "./page-waits";
import type { ListingDeps } from "./walk-listing";
import type { WalkedWindow } from "./walk-range";

/**
 * Cuts ranges in two while they are walked, so that walkers who have nothing to do take a part: where a range has proved
 * big, the store is what its walk waits for, and the store bears more requests.
 */
export type RangeCutter = {
  /** Follows the walk of a range from its beginning. */
  follow(range: ListingRange): WalkFollower;
};

/** Told by one walk what it does, one call after the other. */
export type WalkFollower = {
  /** A page has come. */
  begin(): void;
  /** It is worked through, and its window handed on. When this resolves, the range may end nearer than it did. */
  finish(window: WalkedWindow): Promise<void>;
  /** The walk is over. */
  leave(): Promise<void>;
};

export type CutterArgs = {
  prefix: string;
  /** Ranges that the listing has already. */
  rangeCount: number;
  /** How many walk, or are about to; more than `walkersMax` never do. */
  countWalkers: () => number;
  walkersMax: number;
  onCut: (added: ListingRange) => void;
};

export function openRangeCutter(deps: ListingDeps, args: CutterArgs): RangeCutter {
  const shared: Shared = { ...args, expected: 0, isHonoured: true };
  return { follow: (range) => new Follower(deps, shared, range) };
}

/** What the followers of all walks know together. */
type Shared = CutterArgs & {
  /** Walkers who are to get what is about to be cut. */
  expected: number;
  isHonoured: boolean;
};

type Search = { choice: CutChoice | null; ended: Promise<void> };

class Follower implements WalkFollower {
  readonly #deps: ListingDeps;
  readonly #shared: Shared;
  readonly #range: ListingRange;
  readonly #leaving = new AbortController();
  #pages: PageTime[] = [];
  /** Pages since the range was cut, or was to be. */
  #walked = 0;
  #patiencePages = LIST_CUT_PAGES;
  #firstKey: string | null = null;
  #search: Search | null = null;
  #askedAt: number;
  #cameAt = 0;

  constructor(deps: ListingDeps, shared: Shared, range: ListingRange) {
    this.#deps = deps;
    this.#shared = shared;
    this.#range = range;
    this.#askedAt = deps.stages.monotonicMs();
  }

  begin(): void {
    this.#cameAt = this.#deps.stages.monotonicMs();
  }

  async finish(window: WalkedWindow): Promise<void> {
    const page = {
      waitedMs: this.#cameAt - this.#askedAt,
      workedMs: this.#deps.stages.monotonicMs() - this.#cameAt,
    };
    this.#pages = [...this.#pages, page].slice(-LIST_CUT_PAGES);
    this.#walked += 1;
    this.#firstKey ??= window.objects[0]?.key ?? null;
    // Behind the last window there is nothing to cut.
    if (window.untilKey !== null && window.untilKey !== this.#range.untilKey)
      await this.#advance(window, window.untilKey);
    this.#askedAt = this.#deps.stages.monotonicMs();
  }

  async leave(): Promise<void> {
    this.#leaving.abort(new Error("the range is walked to its end"));
    await this.#search?.ended;
    this.#forgetSearch();
  }

  async #advance(window: WalkedWindow, cursorKey: string): Promise<void> {
    if (this.#search === null) {
      if (this.#isWorthCutting()) this.#search = this.#startSearch(window, cursorKey);
      return;
    }
    const { choice } = this.#search;
    // The store may have asked to slow down since.
    if (choice === null || !this.#deps.bearsMore()) return;
    const isCut = choice.outcome === "found" && (await this.#cut(cursorKey, choice.key));
    this.#forgetSearch();
    this.#walked = 0;
    this.#pages = [];
    this.#patiencePages = isCut ? LIST_CUT_PAGES : this.#patiencePages * 2;
  }

  #isWorthCutting(): boolean {
    const { isHonoured, rangeCount, expected, countWalkers, walkersMax } = this.#shared;
    if (this.#walked < this.#patiencePages || !isHonoured) return false;
    const walkers = countWalkers() + expected;
    if (walkers >= walkersMax || rangeCount + expected >= LIST_RANGES_CUT_MAX) return false;
    return isStoreAwaited(this.#pages, walkers) && this.#deps.bearsMore();
  }

  /** The walk goes on meanwhile. */
  #startSearch({ objects }: WalkedWindow, cursorKey: string): Search {
    const { source, stages } = this.#deps;
    const { prefix } = this.#shared;
    const { untilKey } = this.#range;
    const signal = AbortSignal.any([this.#deps.signal, this.#leaving.signal]);
    const sampleKeys = objects.map(({ key }) => key);
    const remainder = { prefix, cursorKey, untilKey, firstKey: this.#firstKey ?? cursorKey, sampleKeys };
    const choosing = chooseCut(remainder, (startAfter) =>
      stages.time("list", () => source.listPage({ prefix, startAfter, token: null, signal })),
    );
    this.#shared.expected += 1;
    const search: Search = { choice: null, ended: Promise.resolve() };
    search.ended = choosing
      // What is wrong with the store, the walk will meet itself.
      .catch((): CutChoice => ({ outcome: "nothing_found" }))
      .then((choice) => {
        search.choice = choice;
        if (choice.outcome === "start_after_ignored") this.#shared.isHonoured = false;
      });
    return search;
  }

  /** Nothing that was handed on may lie behind the cut: the walk may have passed it while it was looked for. */
  async #cut(cursorKey: string, cutKey: string): Promise<boolean> {
    if (compareKeys(cutKey, cursorKey) <= 0) return false;
    const added = await this.#deps.store.cutRange({ position: this.#range.position, cutKey });
    if (added === null) return false;
    this.#range.untilKey = cutKey;
    this.#shared.rangeCount += 1;
    this.#shared.onCut(added);
    return true;
  }

  #forgetSearch(): void {
    if (this.#search === null) return;
    this.#search = null;
    this.#shared.expected -= 1;
  }
}
