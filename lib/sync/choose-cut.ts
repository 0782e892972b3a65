import { compareKeys, endOfPrefix } from "@/lib/core/bytes-order";
import { LIST_CUT_PROBES_MAX } from "@/lib/core/limits";
import type { ListPage } from "@/lib/source/source";
import { countShared, keyBetween } from "./key-between";

/** Probes that look for the end of the keys once a cut is found. */
const END_PROBES = 2;

/** What is left of a range: (cursorKey, untilKey] under the prefix. */
export type Remainder = {
  prefix: string;
  cursorKey: string;
  untilKey: string | null;
  /** A key that was walked long before the cursor: what both begin with, the rest is likely to begin with, too. */
  firstKey: string;
  /** Keys around the cursor: the rest is likely to be of such letters. */
  sampleKeys: readonly string[];
};

/** The store's first page behind a key. */
export type Probe = (afterKey: string) => Promise<ListPage>;

export type CutChoice =
  | { outcome: "found"; key: string }
  | { outcome: "nothing_found" }
  | { outcome: "start_after_ignored" };

/**
 * Where the remainder of a range is best cut in two, by a bounded number of probes: strictly within it, with more than
 * a page of keys behind. The key only chooses how the work is shared out. Whatever it is, both parts tile the remainder,
 * so nothing here has to be right.
 *
 * First it finds how much of the cursor's beginning the rest has in common, which tells `logs/2024/05/` apart from
 * `logs/`; then it halves what lies between the cursor and the end of that, until a page lies behind the half.
 */
export async function chooseCut(remainder: Remainder, probe: Probe): Promise<CutChoice> {
  const search = new CutSearch(remainder, probe);
  await findCommonPart(search, remainder);
  const key = await halve(search, remainder);
  if (!search.isHonoured) return { outcome: "start_after_ignored" };
  return key === null ? { outcome: "nothing_found" } : { outcome: "found", key };
}

/**
 * The shortest beginning of the cursor with a page of keys behind everything that begins so. A longer one has one, too.
 * First the shortest of all is tried, then where the keys that were walked differ from each other; from there it is
 * looked for in widening steps, and then in between.
 */
async function findCommonPart(search: CutSearch, { cursorKey, firstKey }: Remainder): Promise<void> {
  const points = [...cursorKey];
  let without = search.firstWithout === null ? 0 : countShared(points, [...search.firstWithout]);
  let withPage = points.length + 1;
  const walked = countShared(points, [...firstKey]);
  const likely = [without + 1, walked + 1, walked];
  for (let step = 1; withPage - without > 1 && !search.isOver; step *= 2) {
    const further =
      withPage > points.length
        ? Math.min(without + step, points.length)
        : Math.max(withPage - step, (without + withPage) >> 1);
    const length = likely.find((one) => one > without && one < withPage) ?? further;
    const end = endOfPrefix(points.slice(0, length).join(""));
    if (end !== null && (await search.isPageBehind(end))) withPage = length;
    else without = length;
  }
}

/** Between the cursor and what is known to be empty, which comes nearer with every half that nothing lies behind. */
async function halve(search: CutSearch, { cursorKey, sampleKeys }: Remainder): Promise<string | null> {
  const half = () => keyBetween(cursorKey, search.firstWithout, sampleKeys);
  for (let middle = half(); middle !== null && !search.isOver; middle = half()) {
    if (await search.isPageBehind(middle)) break;
  }
  // The keys may come to an end right behind it, and then its halves are very unlike.
  for (let tries = 0; tries < END_PROBES && search.lastWith !== null; tries++) {
    const further = keyBetween(search.lastWith, search.firstWithout, sampleKeys);
    if (further !== null) await search.isPageBehind(further);
  }
  const middle = half();
  const isShown = middle !== null && search.lastWith !== null && compareKeys(middle, search.lastWith) <= 0;
  return isShown ? middle : search.lastWith;
}

/** What the probes have found out so far. */
class CutSearch {
  /** The lowest key that is known to have no page of keys behind it; null: there is none below the end of everything. */
  firstWithout: string | null;
  /** The highest key that is known to have one. */
  lastWith: string | null = null;
  isHonoured = true;

  readonly #untilKey: string | null;
  readonly #probe: Probe;
  #left = LIST_CUT_PROBES_MAX;

  constructor({ untilKey, prefix }: Remainder, probe: Probe) {
    this.firstWithout = untilKey ?? endOfPrefix(prefix);
    this.#untilKey = untilKey;
    this.#probe = probe;
  }

  get isOver(): boolean {
    return this.#left === 0 || !this.isHonoured;
  }

  async isPageBehind(key: string): Promise<boolean> {
    if (this.firstWithout !== null && compareKeys(key, this.firstWithout) >= 0) return false;
    if (this.lastWith !== null && compareKeys(key, this.lastWith) <= 0) return true;
    if (this.isOver) return false;
    this.#left -= 1;
    const { objects, nextToken } = await this.#probe(key);
    const first = objects[0];
    const last = objects.at(-1);
    if (first !== undefined && compareKeys(first.key, key) <= 0) this.isHonoured = false;
    const isWithin =
      last !== undefined && (this.#untilKey === null || compareKeys(last.key, this.#untilKey) < 0);
    const isPage = this.isHonoured && isWithin && nextToken !== null;
    if (isPage) this.lastWith = key;
    else this.firstWithout = key;
    return isPage;
  }
}
