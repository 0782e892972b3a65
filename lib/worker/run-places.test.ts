import { expect, test, vi } from "vitest";
import { ABSENCE_MARK_FRESH_MS, LISTING_STALLED_MS, RUNS_AT_ONCE, RUNS_CLAIMED_MAX } from "@/lib/core/limits";
import type { ListPage } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { openRunPlaces } from "./run-places";

const PAGE: ListPage = { objects: [], nextToken: null, bytes: 0 };

function open() {
  const clock = { ms: 0 };
  return { clock, places: openRunPlaces(() => clock.ms) };
}

/** A run that asks for a page; `answer` is the store's doing. */
function ask(
  place: ReturnType<ReturnType<typeof openRunPlaces>["take"]>,
  signal = new AbortController().signal,
) {
  let answer = () => {};
  const asked = new Promise<ListPage>((resolve) => {
    answer = () => resolve(PAGE);
  });
  const source = place.source(Object.assign(new MemorySource(), { listPage: () => asked }));
  const seen = { hasPage: false };
  const page = source.listPage({ prefix: "", startAfter: null, token: null, signal }).then(() => {
    seen.hasPage = true;
  });
  return { answer, page, seen };
}
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

test("so many runs list at once, and a place is free when one of them has listed or ended", () => {
  const { places } = open();
  const taken = Array.from({ length: RUNS_AT_ONCE }, () => places.take());
  expect(places.isFree()).toBe(false);
  taken[0]?.giveUp();
  expect(places.isFree()).toBe(true);
  places.take();
  expect(places.isFree()).toBe(false);
  taken[1]?.leave();
  expect(places.isFree()).toBe(true);
});

test("a run whose store is silent leaves its place to another; one that is asking a quick store keeps it", () => {
  const { places, clock } = open();
  const taken = Array.from({ length: RUNS_AT_ONCE }, () => places.take());
  for (const place of taken) ask(place).page.catch(() => {});
  clock.ms += LISTING_STALLED_MS - 1;
  expect(places.isFree()).toBe(false);
  clock.ms += 1;
  expect(places.isFree()).toBe(true);
});

test("a page that comes late waits for a place, before any run that has not begun", async () => {
  const { places, clock } = open();
  const late = ask(places.take());
  clock.ms += LISTING_STALLED_MS;
  const others = Array.from({ length: RUNS_AT_ONCE }, () => places.take());
  late.answer();
  await aMoment();
  expect(late.seen.hasPage).toBe(false);
  others[0]?.leave();
  expect(places.isFree()).toBe(false);
  await vi.waitUntil(() => late.seen.hasPage, { timeout: 5_000 });
  expect(places.isFree()).toBe(false);
});

test("a run that was cut waits for a place no longer", async () => {
  const { places, clock } = open();
  const ending = new AbortController();
  const cut = places.take();
  const late = ask(cut, ending.signal);
  clock.ms += LISTING_STALLED_MS;
  const others = Array.from({ length: RUNS_AT_ONCE }, () => places.take());
  late.answer();
  await aMoment();
  ending.abort(new Error("cut"));
  await expect(late.page).rejects.toThrow("cut");
  cut.leave();
  others[0]?.leave();
  expect(places.isFree()).toBe(true);
});

test("of runs that wait for anything there is a bound, too", () => {
  const { places } = open();
  for (let at = 0; at < RUNS_CLAIMED_MAX; at++) {
    expect(places.isFree()).toBe(true);
    places.take().giveUp();
  }
  expect(places.isFree()).toBe(false);
});

test("a page that has waited for a place until it proves nothing any more is asked for again", async () => {
  const { places, clock } = open();
  let asked = 0;
  let answer = () => {};
  const place = places.take();
  const listPage = () => {
    asked += 1;
    return new Promise<ListPage>((resolve) => {
      answer = () => resolve(PAGE);
    });
  };
  const source = place.source(Object.assign(new MemorySource(), { listPage }));
  const { signal } = new AbortController();
  const page = source.listPage({ prefix: "", startAfter: null, token: null, signal });
  clock.ms += LISTING_STALLED_MS;
  const others = Array.from({ length: RUNS_AT_ONCE }, () => places.take());
  answer();
  await aMoment();
  clock.ms += ABSENCE_MARK_FRESH_MS;
  others[0]?.leave();
  await vi.waitUntil(() => asked === 2, { timeout: 5_000 });
  answer();
  expect(await page).toBe(PAGE);
});
