import { S3_ATTEMPTS_MAX, S3_CONNECT_TIMEOUT_MS, S3_REQUEST_TIMEOUT_MS } from "@/lib/core/limits";

export type S3Timeouts = {
  /** Name, TCP and TLS. */
  connectMs: number;
  /** Until the first byte of one answer. */
  requestMs: number;
  /** Between two pieces of one answer. */
  idleMs: number;
  /** One call of ours with all its attempts, waits and its body. */
  callMs: number;
};

export const DEFAULT_TIMEOUTS: S3Timeouts = {
  connectMs: S3_CONNECT_TIMEOUT_MS,
  requestMs: S3_REQUEST_TIMEOUT_MS,
  idleMs: S3_REQUEST_TIMEOUT_MS,
  callMs: S3_REQUEST_TIMEOUT_MS * S3_ATTEMPTS_MAX,
};
