import {
  IF_MATCH_TRIAL_MS,
  S3_ATTEMPTS_MAX,
  S3_CONNECT_TIMEOUT_MS,
  S3_REQUEST_TIMEOUT_MS,
} from "@/lib/core/limits";

export type S3Timeouts = {
  /** Name, TCP and TLS. */
  connectMs: number;
  /** Until the first byte of one answer. */
  requestMs: number;
  /** Between two pieces of one answer. */
  idleMs: number;
  /**
   * One request with its body, and what is spent on those before it that it repeats. Waiting until the pace lets it out
   * is our own doing, and no part of it.
   */
  callMs: number;
  /** Until a check gives up finding out whether the store honours If-Match. */
  ifMatchTrialMs: number;
};

export const DEFAULT_TIMEOUTS: S3Timeouts = {
  connectMs: S3_CONNECT_TIMEOUT_MS,
  requestMs: S3_REQUEST_TIMEOUT_MS,
  idleMs: S3_REQUEST_TIMEOUT_MS,
  callMs: S3_REQUEST_TIMEOUT_MS * S3_ATTEMPTS_MAX,
  ifMatchTrialMs: IF_MATCH_TRIAL_MS,
};
