import { describe, expect, test } from "vitest";
import { PLAN_KEPT_MS } from "@/lib/core/limits";
import { type PlanFacts, planExpiresAt, planProblem } from "./plan-life";

const DONE_AT = 1_000_000;
const plan: PlanFacts = { status: "completed", completedAt: DONE_AT, isCurrent: true, isApplied: false };

describe("a plan", () => {
  test("can be applied for 24 hours after its completion, and not a moment longer", () => {
    expect(planExpiresAt(plan)).toBe(DONE_AT + PLAN_KEPT_MS);
    expect(planProblem(plan, DONE_AT + PLAN_KEPT_MS - 1)).toBeNull();
    expect(planProblem(plan, DONE_AT + PLAN_KEPT_MS)).toContain("24 hours");
  });

  test.each<[string, Partial<PlanFacts>, string]>([
    ["that waits", { status: "queued", completedAt: null }, "not ready"],
    ["that is being made", { status: "running", completedAt: null }, "not ready"],
    ["that failed", { status: "failed" }, "did not complete"],
    ["that was canceled", { status: "canceled" }, "did not complete"],
    ["of other settings", { isCurrent: false }, "was changed"],
    ["that was applied", { isApplied: true }, "applied already"],
  ])("%s cannot be applied", (_what, facts, sentence) => {
    expect(planProblem({ ...plan, ...facts }, DONE_AT)).toContain(sentence);
  });

  test("expires only once it is complete", () => {
    expect(planExpiresAt({ status: "running", completedAt: null })).toBeNull();
    expect(planExpiresAt({ status: "failed", completedAt: DONE_AT })).toBeNull();
  });
});
