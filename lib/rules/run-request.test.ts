import { describe, expect, test } from "vitest";
import { answerRequest } from "./run-request";
import { RUN_KINDS, type RunKind } from "./run-status";

const answerOf = (asked: RunKind, queued: RunKind | null, fresh: RunKind | null) =>
  answerRequest(asked, {
    queued: queued && { kind: queued, place: "queued" },
    fresh: fresh && { kind: fresh, place: "fresh" },
  });

describe("a request for a run", () => {
  test("is queued where no run is", () => {
    for (const asked of RUN_KINDS) expect(answerOf(asked, null, null)).toEqual({ answer: "queue" });
  });

  test.each<[RunKind, string[]]>([
    ["sync", ["join", "join", "turn", "refuse", "refuse"]],
    ["reread", ["turn", "join", "turn", "refuse", "refuse"]],
    ["retry", ["join", "join", "join", "refuse", "refuse"]],
    ["plan", ["refuse", "refuse", "refuse", "refuse", "refuse"]],
    ["apply", ["refuse", "refuse", "refuse", "refuse", "refuse"]],
  ])("for a %s meets a sync, reread, retry, plan, apply that waits as the table says", (asked, expected) => {
    expect(RUN_KINDS.map((queued) => answerOf(asked, queued, null).answer)).toEqual(expected);
  });

  test("meets the run that waits before the one that has just begun", () => {
    expect(answerOf("sync", "plan", "sync")).toMatchObject({ answer: "refuse", run: { place: "queued" } });
    expect(answerOf("sync", "sync", "sync")).toMatchObject({ answer: "join", run: { place: "queued" } });
  });

  test.each<[RunKind, string[]]>([
    ["sync", ["join", "join", "queue", "queue", "queue"]],
    ["reread", ["queue", "join", "queue", "queue", "queue"]],
    ["retry", ["join", "join", "queue", "queue", "queue"]],
    ["plan", ["queue", "queue", "queue", "queue", "queue"]],
    ["apply", ["queue", "queue", "queue", "queue", "queue"]],
  ])(
    "for a %s joins a sync, reread, retry, plan, apply that has just begun if it does that",
    (asked, expected) => {
      expect(RUN_KINDS.map((fresh) => answerOf(asked, null, fresh).answer)).toEqual(expected);
    },
  );
});
