import { LIST_CUT_PAGES, LIST_CUT_WAIT_MS_MIN } from "@/lib/core/limits";

/** What one page has cost its walker: the time until it came, and that of everything done with it. */
export type PageTime = { waitedMs: number; workedMs: number };

/**
 * Whether the store is what a walk waits for, by its last pages. Pages are asked for ahead, so what is waited for is
 * what the work does not cover. Of the time that one of several walkers waits, the work of the others is a part.
 *
 *   the walk has                                       one more walker
 *   fewer pages than are looked at                     nobody knows
 *   waited no longer than all walkers work on a page   gains nothing: the work is done by one machine
 *   waited, but hardly for any page                    gains nothing: what is waited for is this process
 *   waited longer                                      lists while the others wait
 */
export function isStoreAwaited(pages: readonly PageTime[], walkerCount: number): boolean {
  const last = pages.slice(-LIST_CUT_PAGES);
  if (last.length < LIST_CUT_PAGES) return false;
  const waitedMs = last.reduce((sum, page) => sum + page.waitedMs, 0);
  const workedMs = last.reduce((sum, page) => sum + page.workedMs, 0);
  return waitedMs > walkerCount * Math.max(workedMs, LIST_CUT_WAIT_MS_MIN * last.length);
}
