import { expect, test } from "vitest";
import { LIST_CUT_PAGES, LIST_CUT_WAIT_MS_MIN } from "@/lib/core/limits";
import { isStoreAwaited, type PageTime } from "./page-waits";

const pages = (waitedMs: number, workedMs: number, count = LIST_CUT_PAGES): PageTime[] =>
  Array.from({ length: count }, () => ({ waitedMs, workedMs }));

test.each<[string, PageTime[], number, boolean]>([
  ["pages of a distant store are waited for", pages(150, 30), 1, true],
  ["a store whose pages come while the one before is worked on is not", pages(0, 40), 1, false],
  ["one that is waited for as long as the work takes is not", pages(40, 40), 1, false],
  ["one that is waited for a little longer is", pages(41, 40), 1, true],
  ["one on this machine is not, though hardly anything is worked", pages(2, 0.5), 1, false],
  ["one that is just as slow as that is not", pages(LIST_CUT_WAIT_MS_MIN, 1), 1, false],
  ["one that is slower is", pages(LIST_CUT_WAIT_MS_MIN + 1, 1), 1, true],
  ["a few pages say nothing", pages(1_000, 0, LIST_CUT_PAGES - 1), 1, false],
  ["of many pages the last ones count: it has become fast", [...pages(900, 1), ...pages(2, 20)], 1, false],
  ["and it has become slow", [...pages(2, 900), ...pages(200, 20)], 1, true],
  ["one page that was very late is not all of them", [...pages(1, 60, 9), ...pages(500, 60, 1)], 1, false],
  ["three walkers who wait for each other wait for no store", pages(100, 40), 3, false],
  ["three who wait for longer than all of them work do", pages(121, 40), 3, true],
  ["as many wait for each other where each does little", pages(25, 2), 3, false],
])("%s", (_rule, taken, walkerCount, isAwaited) => {
  expect(isStoreAwaited(taken, walkerCount)).toBe(isAwaited);
});
