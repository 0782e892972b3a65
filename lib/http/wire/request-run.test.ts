import { describe, expect, test } from "vitest";
import { KEYS_NAMED_MAX } from "@/lib/core/limits";
import { parseInput } from "../parse-input";
import { changesQuery, failuresQuery, queryOf, requestRunBody } from "./request-run";

describe("the body of a request for a run", () => {
  test.each<[string, object, object]>([
    ["nothing, for a sync", {}, { kind: "sync" }],
    ["a reread", { kind: "reread" }, { kind: "reread" }],
    ["a plan", { kind: "plan" }, { kind: "plan" }],
    ["a plan to apply", { kind: "apply", planRunId: "p" }, { kind: "apply", planRunId: "p" }],
    ["a retry of everything", { kind: "retry" }, { kind: "retry" }],
    ["a retry of some keys", { kind: "retry", keys: ["a", "b/c"] }, { kind: "retry", keys: ["a", "b/c"] }],
  ])("may be %s", (_what, body, expected) => {
    expect(parseInput(requestRunBody, body)).toEqual(expected);
  });

  test.each<[string, object, string]>([
    ["an unknown kind", { kind: "import" }, "kind: must be sync"],
    ["an application of nothing", { kind: "apply" }, "planRunId: "],
    ["a retry of no keys", { kind: "retry", keys: [] }, "keys: "],
    ["a retry of an empty key", { kind: "retry", keys: [""] }, "keys.0: "],
    ["a retry of too many", { kind: "retry", keys: Array(KEYS_NAMED_MAX + 1).fill("k") }, "keys: "],
  ])("is refused with %s", (_what, body, details) => {
    expect(() => parseInput(requestRunBody, body)).toThrow(
      expect.objectContaining({ code: "invalid_input", details: expect.stringContaining(details) }),
    );
  });
});

describe("the query of a list", () => {
  const read = (query: string) => queryOf(new Request(`http://sluice.test/x?${query}`));

  test("has a start and a bound", () => {
    expect(parseInput(failuresQuery, read("afterKey=a%2Fb&limit=5"))).toEqual({ afterKey: "a/b", limit: 5 });
    expect(parseInput(failuresQuery, read(""))).toMatchObject({ afterKey: "" });
    expect(() => parseInput(failuresQuery, read("limit=100000"))).toThrow();
    expect(() => parseInput(failuresQuery, read("limit=0"))).toThrow();
  });

  test("of changes takes the kinds there are", () => {
    expect(parseInput(changesQuery, read("kind=removed"))).toEqual({ kind: "removed", afterKey: "" });
    expect(() => parseInput(changesQuery, read("kind=gone"))).toThrow();
  });
});
