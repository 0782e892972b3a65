import { compareKeys } from "@/lib/core/bytes-order";
import { LIST_RANGE_KEYS_MIN, LIST_RANGES_MAX, LIST_WALKERS } from "@/lib/core/limits";

/** Remembers, while a bucket is listed, where its next listing can be cut into parts of like size. */
export type ListingCuts = {
  /** A window that ended at this key held so many keys. */
  add(untilKey: string | null, keyCount: number): void;
  /** In key order; none for a bucket that one walker lists soon enough. */
  choose(): string[];
};

type Mark = { key: string; keyCount: number };

/** What is kept stays small whatever the bucket's size: when there are too many marks, every second one goes. */
const MARKS_MAX = 4_096;

export function openListingCuts(): ListingCuts {
  let marks: Mark[] = [];
  let total = 0;
  return {
    add: (untilKey, keyCount) => {
      total += keyCount;
      if (untilKey !== null) marks.push({ key: untilKey, keyCount });
      if (marks.length > MARKS_MAX) marks = thinOut(marks);
    },
    choose: () => {
      const rounds = Math.floor(total / LIST_RANGE_KEYS_MIN / LIST_WALKERS);
      // As many parts for one walker as for the other.
      const parts = Math.min(LIST_RANGES_MAX, rounds * LIST_WALKERS);
      const cuts: string[] = [];
      let before = 0;
      let full = 0;
      for (const { key, keyCount } of inKeyOrder(marks)) {
        before += keyCount;
        const fullHere = Math.floor(before / (total / parts));
        // One mark may stand for several parts: then nobody knows where between them to cut.
        if (fullHere > full && fullHere < parts) cuts.push(key);
        full = fullHere;
      }
      return cuts;
    },
  };
}

function inKeyOrder(marks: readonly Mark[]): Mark[] {
  return marks.toSorted((left, right) => compareKeys(left.key, right.key));
}

/** The keys before a mark that goes are counted at the one behind it. */
function thinOut(marks: readonly Mark[]): Mark[] {
  const kept: Mark[] = [];
  let carried = 0;
  for (const [at, mark] of inKeyOrder(marks).entries()) {
    carried += mark.keyCount;
    if (at % 2 === 0) continue;
    kept.push({ key: mark.key, keyCount: carried });
    carried = 0;
  }
  return kept;
}
