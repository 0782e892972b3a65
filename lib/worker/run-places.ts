import { setTimeout as pause } from "node:timers/promises";
import {
  ABSENCE_MARK_FRESH_MS,
  CLAIM_POLL_MS,
  LISTING_STALLED_MS,
  RUNS_AT_ONCE,
  RUNS_CLAIMED_MAX,
} from "@/lib/core/limits";
import type { ListPage, ObjectSource } from "@/lib/source/source";

/**
 * The places of a worker's runs. While a run lists it has pages and windows of the manifest in memory, so that only
 * so many list at once.
 *
 *   the run                                                      takes a place
 *   lists and compares                                           yes
 *   has heard nothing from its store for a while                 no; when a page comes it waits for one
 *   waits for what others read, and does what is left then       no
 */
export type RunPlaces = {
  /** Whether one more run may begin. Those that have begun and want their place back come first. */
  isFree(): boolean;
  take(): RunPlace;
};

export type RunPlace = {
  /** The bucket of the run, whose pages are handed on only while the run has a place. */
  source(opened: ObjectSource): ObjectSource;
  /** Nothing of the run that is left needs one. */
  giveUp(): void;
  /** The run has ended. */
  leave(): void;
};

type Place = {
  needsNone: boolean;
  /** Pages that are asked for and have not come. */
  asking: number;
  /** When the store was last asked, or a page last handed on. */
  heardAtMs: number;
  returning: Promise<void> | null;
};

/** `monotonicMs` never goes back, whatever is done to the machine's clock. */
export function openRunPlaces(monotonicMs: () => number = () => performance.now()): RunPlaces {
  const places = new Set<Place>();
  const returning: Place[] = [];

  const isTaking = (place: Place) =>
    !place.needsNone && (place.asking === 0 || monotonicMs() - place.heardAtMs < LISTING_STALLED_MS);
  const countTaken = () => [...places].filter(isTaking).length;

  const comeBack = async (place: Place, signal: AbortSignal) => {
    returning.push(place);
    try {
      while (returning[0] !== place || countTaken() >= RUNS_AT_ONCE) {
        await pause(CLAIM_POLL_MS, undefined, { signal }).catch(() => undefined);
        signal.throwIfAborted();
      }
      place.heardAtMs = monotonicMs();
    } finally {
      returning.splice(returning.indexOf(place), 1);
      place.returning = null;
    }
  };

  const askFor = async (place: Place, ask: () => Promise<ListPage>, signal: AbortSignal) => {
    if (isTaking(place)) place.heardAtMs = monotonicMs();
    place.asking += 1;
    try {
      for (;;) {
        const page = await ask();
        const cameAtMs = monotonicMs();
        // Several pages of the run may come at once; one of them takes the place for all.
        if (!place.needsNone && !isTaking(place)) {
          place.returning ??= comeBack(place, signal);
          await place.returning;
        }
        place.heardAtMs = monotonicMs();
        // What it does not hold would be taken for absent now, and may have come since.
        if (place.heardAtMs - cameAtMs < ABSENCE_MARK_FRESH_MS) return page;
      }
    } finally {
      place.asking -= 1;
    }
  };

  return {
    isFree: () => places.size < RUNS_CLAIMED_MAX && countTaken() + returning.length < RUNS_AT_ONCE,
    take: () => {
      const place: Place = { needsNone: false, asking: 0, heardAtMs: monotonicMs(), returning: null };
      places.add(place);
      return {
        source: (opened) => ({
          listPage: (args) => askFor(place, () => opened.listPage(args), args.signal),
          read: (args) => opened.read(args),
          findings: () => opened.findings(),
          close: () => opened.close(),
        }),
        giveUp: () => {
          place.needsNone = true;
        },
        leave: () => {
          places.delete(place);
        },
      };
    },
  };
}
