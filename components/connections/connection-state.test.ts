import { describe, expect, test } from "vitest";
import type { ConnectionRunFacts, ConnectionView } from "@/lib/connections/schema";
import { NO_FILTERS } from "@/lib/rules/filters";
import { EMPTY_TALLY } from "@/lib/rules/tally";
import { connectionState } from "./connection-state";

const NOW = 1_000_000;
const run: ConnectionRunFacts = {
  id: "run",
  status: "completed",
  trigger: "cron",
  queuedAt: NOW - 60_000,
  startedAt: NOW - 59_000,
  completedAt: NOW - 50_000,
  listedAt: 2,
  errorCode: null,
  error: null,
  tally: EMPTY_TALLY,
  getRequests: 0,
  bytesRead: 0,
};
const connection: ConnectionView = {
  id: "c",
  provider: "s3",
  bucket: "docs",
  region: "us-east-1",
  endpoint: null,
  addressingStyle: "virtual",
  caPem: null,
  credentialsKind: "keys",
  externalId: null,
  prefix: "",
  filters: NO_FILTERS,
  containerTagRegex: null,
  tagFallback: "connection_tags",
  containerTags: [],
  documentLimit: 10,
  deletionPolicy: "remove",
  requestRateMax: null,
  schedule: { kind: "manual", cron: null, timeZone: null, intervalMs: null },
  metadata: {},
  nextRunAt: null,
  backOff: null,
  pausedAt: null,
  createdAt: 0,
  documentCount: 0,
  failedCount: 0,
  cutCount: 0,
  hold: null,
  lastSyncedAt: null,
  lastRun: run,
};
const hold = { runId: "r", keyCount: 412, reason: "share" };
const of = (last: Partial<ConnectionRunFacts> | null, rest: Partial<ConnectionView> = {}) =>
  connectionState({ ...connection, ...rest, lastRun: last === null ? null : { ...run, ...last } }, NOW);

describe("the state of a connection", () => {
  test.each([
    ["has no run", of(null), "new"],
    ["runs", of({ status: "running" }), "running"],
    ["was asked to run a moment ago", of({ status: "queued", queuedAt: NOW - 1_000 }), "running"],
    ["has waited for a worker for long", of({ status: "queued" }), "queued"],
    ["has refused credentials", of({ status: "failed", errorCode: "source_auth" }), "refused"],
    ["could not reach its store", of({ status: "failed", errorCode: "source_unreachable" }), "failed"],
    ["has removals on hold", of({}, { hold, failedCount: 3 }), "on_hold"],
    ["has failed documents", of({}, { failedCount: 3 }), "some_failed"],
    ["was canceled", of({ status: "canceled" }), "canceled"],
    ["is in step with its bucket", of({}), "synced"],
    ["is paused", of({}, { pausedAt: NOW, failedCount: 3, hold }), "paused"],
    ["is paused and has no run", of(null, { pausedAt: NOW }), "paused"],
    ["is paused after a run that failed", of({ status: "failed" }, { pausedAt: NOW }), "paused"],
    ["is paused while its run is yet to end", of({ status: "running" }, { pausedAt: NOW }), "running"],
    ["runs while removals are on hold", of({ status: "running" }, { hold }), "running"],
  ])("that %s", (_what, state, expected) => {
    expect(state).toBe(expected);
  });
});
