import { expect, test } from "vitest";
import { flowOf } from "@/lib/rules/flow";
import { EMPTY_TALLY } from "@/lib/rules/tally";
import type { RunView } from "@/lib/sync-runs/schema";
import { flowFacts } from "./flow-facts";

const run: RunView = {
  id: "run",
  connectionId: "connection",
  kind: "plan",
  planRunId: null,
  status: "completed",
  trigger: "manual",
  requestedBy: "ada@example.com",
  queuedAt: 0,
  startedAt: 1,
  completedAt: 3,
  listedAt: 2,
  cancelAskedAt: null,
  errorCode: null,
  error: null,
  tally: { ...EMPTY_TALLY, listed: 9, unchanged: 4, added: 2, updated: 2, retagged: 1 },
  listRequests: 1,
  getRequests: 0,
  bytesRead: 0,
  bytesListed: 900,
  retriedRequests: 0,
  throttledAnswers: 0,
  stageMs: {},
};
const statesOf = (one: RunView) => flowOf(flowFacts(one)).map(({ state }) => state);

test("a plan fills the channels of listing and comparing, and no other", () => {
  expect(statesOf(run)).toEqual(["done", "done", "waiting", "waiting", "waiting"]);
  expect(flowOf(flowFacts(run)).at(-1)?.count).toBe(0);
});

test("a sync with the same counts has stored them", () => {
  expect(statesOf({ ...run, kind: "sync", getRequests: 4 })).toEqual([
    "done",
    "done",
    "done",
    "done",
    "done",
  ]);
});
