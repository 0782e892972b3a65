import { describe, expect, test } from "vitest";
import { type FlowFacts, failedStage, flowOf, flowRates } from "./flow";
import { EMPTY_TALLY, withPending } from "./tally";

const facts: FlowFacts = {
  status: "running",
  startedAt: 0,
  completedAt: null,
  listedAt: null,
  errorCode: null,
  tally: withPending({ ...EMPTY_TALLY, listed: 1_000, unchanged: 700, added: 100 }),
  getRequests: 150,
  bytesRead: 2_000_000,
};
const states = (value: FlowFacts) => flowOf(value).map(({ state }) => state);
const shares = (value: FlowFacts) => flowOf(value).map(({ share }) => share);

describe("the flow of a run", () => {
  test("that waits is hollow in every stage", () => {
    const queued = { ...facts, status: "queued" as const, tally: EMPTY_TALLY, getRequests: 0 };
    expect(states(queued)).toEqual(["waiting", "waiting", "waiting", "waiting", "waiting"]);
  });

  test("says no share while it is not known how many objects there are", () => {
    expect(shares(facts)).toEqual([null, null, null, null, null]);
    expect(states(facts)).toEqual(["running", "running", "running", "waiting", "running"]);
  });

  test("fills fetch and store by what is left to read once all is listed", () => {
    expect(shares({ ...facts, listedAt: 500 })).toEqual([1, 1, 150 / 350, 100 / 300, 100 / 300]);
  });

  test("that found nothing to read has hollow channels after compare", () => {
    const idle = {
      ...facts,
      status: "completed" as const,
      tally: { ...EMPTY_TALLY, listed: 9, unchanged: 9 },
      getRequests: 0,
    };
    expect(states(idle)).toEqual(["done", "done", "waiting", "waiting", "waiting"]);
  });

  test("that only re-tagged stores without fetching", () => {
    const retag = {
      ...facts,
      status: "completed" as const,
      tally: { ...EMPTY_TALLY, listed: 9, retagged: 9 },
      getRequests: 0,
    };
    expect(states(retag)).toEqual(["done", "done", "waiting", "waiting", "done"]);
  });

  test("never counts extracted objects while it runs, for nobody does", () => {
    expect(flowOf(facts)[3]?.count).toBeNull();
    expect(flowOf({ ...facts, status: "completed" })[3]?.count).toBe(100);
  });

  test.each([
    ["source_auth", false, "list"],
    ["listing_disorder", false, "list"],
    ["source_auth", true, "fetch"],
    ["destination", true, "store"],
    ["extract_failed", true, "extract"],
    [null, false, "list"],
  ] as const)("that failed with %s (listed: %s) shows it at %s", (code, isListed, stage) => {
    expect(failedStage(code, isListed)).toBe(stage);
    const failed = { ...facts, status: "failed" as const, errorCode: code, listedAt: isListed ? 1 : null };
    expect(flowOf(failed).find(({ state }) => state === "failed")?.name).toBe(stage);
  });

  test("that was canceled shows what it did as stopped, not as done", () => {
    expect(states({ ...facts, status: "canceled" })).toEqual([
      "stopped",
      "stopped",
      "stopped",
      "waiting",
      "stopped",
    ]);
  });
});

describe("the rates of a run", () => {
  test("are averages since it began", () => {
    expect(flowRates(facts, 2_000)).toEqual({ keysPerSecond: 500, bytesPerSecond: 1_000_000, msLeft: null });
  });

  test("estimate an end only when the listing is complete", () => {
    expect(flowRates({ ...facts, listedAt: 1_000 }, 2_000)).toMatchObject({
      keysPerSecond: 1_000,
      msLeft: 4_000,
    });
    expect(
      flowRates({ ...facts, listedAt: 1_000, completedAt: 2_000, status: "completed" }, 9_000).msLeft,
    ).toBeNull();
  });

  test("are unknown before the start", () => {
    expect(flowRates({ ...facts, startedAt: null }, 5)).toEqual({
      keysPerSecond: null,
      bytesPerSecond: null,
      msLeft: null,
    });
  });
});
