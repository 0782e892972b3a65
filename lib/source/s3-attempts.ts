import { setTimeout as pause } from "node:timers/promises";
import { SluiceError } from "@/lib/core/errors";
import {
  S3_RETRY_AFTER_MS_MAX,
  S3_RETRY_PAUSE_MS,
  S3_RETRY_PAUSE_MS_MAX,
  S3_THROTTLED_PAUSE_MS,
} from "@/lib/core/limits";
import { StaleConnection } from "./s3-exchange";
import { faultOf, isClockCorrected, isTransient, regionNamedBy, retryAfterOf, statusOf } from "./s3-faults";
import type { S3Reach } from "./s3-reach";
import type { S3Requests } from "./s3-requests";
import type { S3Session } from "./s3-session";
import type { RequestKind } from "./source";

/**
 * Sends a request until it is answered with a success, with a refusal that no repetition changes, or too often:
 *
 *   what came                                     repeated                   after
 *   another region's name, the first              once                       nothing
 *   a clock that is off, and now corrected        once                       nothing
 *   nothing, on a connection that was closed      once                       nothing
 *   a request to slow down                        `attemptsMax` all in all   a pause that doubles, from 500 ms
 *   nothing, or an answer of a failing store      `attemptsMax` all in all   a pause that doubles, from 100 ms
 *
 * Pauses are spread at random from nothing to their length, but never shorter than a `Retry-After` asks, up to its
 * bound. The session's pace is asked before each request and told what became of it. Each request has the session's
 * deadline, and none is repeated once they have taken as long together. Rejects with what the last request was answered
 * with, not translated, with what the deadline says, or with the signal's reason.
 */
export async function sendRequest<T>(
  session: S3Session,
  { kind, signal }: { kind: RequestKind; signal: AbortSignal },
  send: (requests: S3Requests, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { pace } = session;
  const deadline = session.deadlines[kind];
  let repetitions: Repetitions | null = null;
  let spentMs = 0;
  // Bounded by the repetitions.
  for (let attempt = 1; ; attempt++) {
    const { reach } = session;
    if (pace !== null) await pace.admit(kind, signal);
    const sentAt = performance.now();
    try {
      const answer = await deadline.run(signal, (inner) => send(reach.requests, inner));
      pace?.settle(kind, "answered", null, attempt);
      return answer;
    } catch (error) {
      pace?.settle(kind, outcomeOf(error), retryAfterOf(error), attempt);
      signal.throwIfAborted();
      spentMs += performance.now() - sentAt;
      repetitions ??= new Repetitions(session);
      const pauseMs = repetitions.pauseBefore(error, reach);
      if (pauseMs === null || spentMs >= session.timeouts.callMs) throw error;
      if (pauseMs > 0) await pause(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

function outcomeOf(error: unknown): "answered" | "throttled" | "broken" {
  const status = statusOf(error);
  if (status === null) return error instanceof SluiceError && error.effect === "stop" ? "answered" : "broken";
  if (faultOf(error) === "throttled") return "throttled";
  return status >= 500 ? "broken" : "answered";
}

/** How often one request may still be sent. */
class Repetitions {
  readonly #session: S3Session;
  #left: number;
  #pauses = 0;
  #hasMoved = false;
  #hasCorrectedClock = false;
  #hasReconnected = false;

  constructor(session: S3Session) {
    this.#session = session;
    this.#left = session.attemptsMax - 1;
  }

  /** Null where the request is not to be repeated. `reach` is the one by which it went. */
  pauseBefore(error: unknown, reach: S3Reach): number | null {
    if (error instanceof SluiceError) return null;
    if (this.#moves(error, reach) || this.#correctsClock(error) || this.#reconnects(error)) return 0;
    const isThrottled = faultOf(error) === "throttled";
    if (this.#left === 0 || !(isThrottled || isTransient(error))) return null;
    this.#left--;
    const firstMs = isThrottled ? S3_THROTTLED_PAUSE_MS : S3_RETRY_PAUSE_MS;
    const longestMs = Math.min(firstMs * 2 ** this.#pauses++, S3_RETRY_PAUSE_MS_MAX);
    const askedMs = Math.min(retryAfterOf(error) ?? 0, S3_RETRY_AFTER_MS_MAX);
    return Math.max(this.#session.random() * longestMs, askedMs);
  }

  #moves(error: unknown, reach: S3Reach): boolean {
    if (this.#hasMoved || faultOf(error) !== "region") return false;
    this.#hasMoved = true;
    // Another request may have moved the session while this one was under way.
    if (reach !== this.#session.reach) return true;
    const region = regionNamedBy(error);
    return region !== null && this.#session.moveTo(region);
  }

  #correctsClock(error: unknown): boolean {
    if (this.#hasCorrectedClock || !isClockCorrected(error)) return false;
    this.#hasCorrectedClock = true;
    return true;
  }

  #reconnects(error: unknown): boolean {
    if (this.#hasReconnected || !(error instanceof StaleConnection)) return false;
    this.#hasReconnected = true;
    return true;
  }
}
