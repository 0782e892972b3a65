import { PACE_PAUSE_MAX_MS, PACE_PAUSE_MS, REQUESTS_AT_ONCE_MAX } from "@/lib/core/limits";
import type { RequestKind, RequestPace } from "@/lib/source/source";

/** What was sent to a store, in requests. */
export type RequestCounts = { list: number; get: number; retried: number; throttled: number };

/** The pace of one connection's requests, and the count of them. */
export type MeteredPace = RequestPace & {
  /** What was sent since the last call. */
  drain(): RequestCounts;
  /** How many requests may be under way at present. */
  allowedAtOnce(): number;
};

export type PaceArgs = {
  /** Requests a second at most; null: as many as the store bears. */
  rateMax: number | null;
  /** Milliseconds that never go back. */
  monotonicMs: () => number;
  /** From 0 to 1. */
  random: () => number;
};

type Waiting = { admit: () => void };

/**
 * Lets requests out as fast as the store bears them, in the order of asking.
 *
 *   the store answers                requests at once   the next request
 *   anything but "slow down"         a little more      at once
 *   SlowDown, 503 or 429, the first  half of them       after Retry-After, or a pause that doubles each time
 *   the same, sent before that       as they are        as it is
 */
export function openRequestPace(args: PaceArgs): MeteredPace {
  const state: PaceState = {
    args,
    waiting: [],
    underWay: 0,
    allowed: REQUESTS_AT_ONCE_MAX,
    notBefore: 0,
    slotAt: 0,
    throttledInARow: 0,
    timer: null,
    counts: noRequests(),
  };
  return {
    admit: (kind, signal) => {
      signal.throwIfAborted();
      if (state.waiting.length === 0 && isFree(state)) {
        begin(state, kind);
        return Promise.resolve();
      }
      return waitInTurn(state, kind, signal);
    },
    settle: (_kind, outcome, retryAfterMs, attempt) => {
      state.underWay -= 1;
      if (attempt > 1) state.counts.retried += 1;
      if (outcome === "throttled") slowDown(state, retryAfterMs);
      if (outcome === "answered") speedUp(state);
      admitWaiting(state);
    },
    drain: () => {
      const { counts } = state;
      state.counts = noRequests();
      return counts;
    },
    allowedAtOnce: () => Math.floor(state.allowed),
  };
}

type PaceState = {
  args: PaceArgs;
  waiting: Waiting[];
  underWay: number;
  allowed: number;
  /** No request goes out before this time: the store asked for a pause. */
  notBefore: number;
  /** When the next request may go out by the rate. */
  slotAt: number;
  throttledInARow: number;
  timer: NodeJS.Timeout | null;
  counts: RequestCounts;
};

function noRequests(): RequestCounts {
  return { list: 0, get: 0, retried: 0, throttled: 0 };
}

function isFree(state: PaceState): boolean {
  return state.underWay < Math.floor(state.allowed) && waitMs(state) <= 0;
}

function waitMs(state: PaceState): number {
  return Math.max(state.notBefore, state.slotAt) - state.args.monotonicMs();
}

function begin(state: PaceState, kind: RequestKind): void {
  state.underWay += 1;
  state.counts[kind] += 1;
  const { rateMax, monotonicMs } = state.args;
  if (rateMax !== null) state.slotAt = Math.max(monotonicMs(), state.slotAt) + 1_000 / rateMax;
}

function waitInTurn(state: PaceState, kind: RequestKind, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      state.waiting = state.waiting.filter((other) => other !== place);
      reject(signal.reason);
    };
    const place: Waiting = {
      admit: () => {
        signal.removeEventListener("abort", leave);
        begin(state, kind);
        resolve();
      },
    };
    signal.addEventListener("abort", leave, { once: true });
    state.waiting.push(place);
    admitWaiting(state);
  });
}

function admitWaiting(state: PaceState): void {
  while (state.waiting.length > 0 && isFree(state)) state.waiting.shift()?.admit();
  const isBusy = state.underWay >= Math.floor(state.allowed);
  if (state.waiting.length === 0 || isBusy || state.timer !== null) return;
  state.timer = setTimeout(
    () => {
      state.timer = null;
      admitWaiting(state);
    },
    Math.ceil(Math.max(1, waitMs(state))),
  );
}

/** Answers to requests that were sent before the pace was slowed down say nothing new. */
function slowDown(state: PaceState, retryAfterMs: number | null): void {
  const { monotonicMs, random } = state.args;
  const now = monotonicMs();
  state.counts.throttled += 1;
  if (now < state.notBefore) return;
  state.throttledInARow += 1;
  state.allowed = Math.max(1, Math.floor(state.allowed / 2));
  const doubled = PACE_PAUSE_MS * 2 ** (state.throttledInARow - 1) * (0.5 + random() / 2);
  state.notBefore = now + Math.min(PACE_PAUSE_MAX_MS, Math.max(doubled, retryAfterMs ?? 0));
}

/** One more request at once for each round of answers. */
function speedUp(state: PaceState): void {
  state.throttledInARow = 0;
  state.allowed = Math.min(REQUESTS_AT_ONCE_MAX, state.allowed + 1 / state.allowed);
}
