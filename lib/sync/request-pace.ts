import { PACE_PAUSE_MAX_MS, PACE_PAUSE_MS, REQUESTS_AT_ONCE_MAX } from "@/lib/core/limits";
import type { RequestPace } from "@/lib/source/source";

/** What was sent to a store, in requests, and the bytes of objects that came back. */
export type RequestCounts = {
  list: number;
  get: number;
  retried: number;
  throttled: number;
  bytesRead: number;
};

/** The pace of one connection's requests. */
export type ConnectionPace = RequestPace & {
  /** Another rate from now on; null: as many as the store bears. */
  keepTo(rateMax: number | null): void;
  /** How many requests may be under way at present. */
  allowedAtOnce(): number;
  /** Whether more could be sent than is: nothing waits, and the store has not asked to slow down, or has recovered. */
  bearsMore(): boolean;
};

/** The pace as one run has it, and the count of what went out for that run. */
export type MeteredPace = RequestPace & {
  /** What was sent since the last call. */
  drain(): RequestCounts;
};

/** Several runs may share a pace: what one of them leaves under way when it ends is not the next one's. */
export function meterPace(shared: RequestPace): MeteredPace {
  let counts = noRequests();
  return {
    admit: async (kind, signal) => {
      await shared.admit(kind, signal);
      counts[kind] += 1;
    },
    settle: (kind, outcome, retryAfterMs, attempt) => {
      if (attempt > 1) counts.retried += 1;
      if (outcome === "throttled") counts.throttled += 1;
      shared.settle(kind, outcome, retryAfterMs, attempt);
    },
    receive: (bytes) => {
      counts.bytesRead += bytes;
      shared.receive(bytes);
    },
    drain: () => {
      const counted = counts;
      counts = noRequests();
      return counted;
    },
  };
}

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
export function openRequestPace(args: PaceArgs): ConnectionPace {
  const state: PaceState = {
    args,
    rateMax: args.rateMax,
    waiting: [],
    underWay: 0,
    allowed: REQUESTS_AT_ONCE_MAX,
    notBefore: 0,
    slotAt: 0,
    throttledInARow: 0,
    timer: null,
  };
  return {
    admit: (_kind, signal) => {
      signal.throwIfAborted();
      if (state.waiting.length === 0 && isFree(state)) {
        begin(state);
        return Promise.resolve();
      }
      return waitInTurn(state, signal);
    },
    settle: (_kind, outcome, retryAfterMs) => {
      state.underWay -= 1;
      if (outcome === "throttled") slowDown(state, retryAfterMs);
      if (outcome === "answered") speedUp(state);
      admitWaiting(state);
    },
    // However much comes, it is requests that a store counts.
    receive: () => {},
    keepTo: (rateMax) => {
      state.rateMax = rateMax;
    },
    allowedAtOnce: () => Math.floor(state.allowed),
    bearsMore: () => state.allowed >= REQUESTS_AT_ONCE_MAX && state.waiting.length === 0 && isFree(state),
  };
}

type PaceState = {
  args: PaceArgs;
  rateMax: number | null;
  waiting: Waiting[];
  underWay: number;
  allowed: number;
  /** No request goes out before this time: the store asked for a pause. */
  notBefore: number;
  /** When the next request may go out by the rate. */
  slotAt: number;
  throttledInARow: number;
  timer: NodeJS.Timeout | null;
};

function noRequests(): RequestCounts {
  return { list: 0, get: 0, retried: 0, throttled: 0, bytesRead: 0 };
}

function isFree(state: PaceState): boolean {
  return state.underWay < Math.floor(state.allowed) && waitMs(state) <= 0;
}

function waitMs(state: PaceState): number {
  return Math.max(state.notBefore, state.slotAt) - state.args.monotonicMs();
}

function begin(state: PaceState): void {
  state.underWay += 1;
  const { rateMax, args } = state;
  if (rateMax !== null) state.slotAt = Math.max(args.monotonicMs(), state.slotAt) + 1_000 / rateMax;
}

function waitInTurn(state: PaceState, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => {
      state.waiting = state.waiting.filter((other) => other !== place);
      reject(signal.reason);
    };
    const place: Waiting = {
      admit: () => {
        signal.removeEventListener("abort", leave);
        begin(state);
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
