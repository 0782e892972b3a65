import type { ConnectionView } from "@/lib/connections/schema";

/** What a person sees of a connection at a glance. */
export type ConnectionState =
  | "running"
  | "queued"
  | "paused"
  | "refused"
  | "failed"
  | "on_hold"
  | "some_failed"
  | "synced"
  | "canceled"
  | "new";

const START_MS = 5_000;

/**
 * The first line that holds:
 *
 *   the newest run                             state
 *   running, or queued less than 5 s ago       running (a worker takes it within a second)
 *   queued                                     queued
 *   any, and the connection is paused          paused
 *   failed: credentials or permission refused  refused
 *   failed                                     failed
 *   any, and removals wait for a person        on_hold
 *   canceled                                   canceled
 *   completed, and documents are failed        some_failed
 *   completed                                  synced
 *   there is none                              new
 */
export function connectionState(connection: ConnectionView, now: number): ConnectionState {
  const run = connection.lastRun;
  if (run?.status === "running") return "running";
  if (run?.status === "queued") return now - run.queuedAt < START_MS ? "running" : "queued";
  if (connection.pausedAt !== null) return "paused";
  if (run === null) return "new";
  if (run.status === "failed") return isRefusal(run.errorCode) ? "refused" : "failed";
  if (connection.hold !== null) return "on_hold";
  if (run.status === "canceled") return "canceled";
  return connection.failedCount > 0 ? "some_failed" : "synced";
}

/** The store said no to the key or its rights: no later run will do better until a person acts. */
export function isRefusal(errorCode: string | null): boolean {
  return errorCode === "source_auth" || errorCode === "source_denied" || errorCode === "bucket_missing";
}

export function isAtWork(connection: ConnectionView): boolean {
  return connection.lastRun?.status === "running" || connection.lastRun?.status === "queued";
}

/** `bucket` or `bucket/prefix`: how a connection is called. */
export function connectionName(connection: Pick<ConnectionView, "bucket" | "prefix">): string {
  return connection.prefix === "" ? connection.bucket : `${connection.bucket}/${connection.prefix}`;
}
