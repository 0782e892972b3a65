import { expect, test } from "vitest";
import { EMPTY_TALLY } from "@/lib/rules/tally";
import { applyQuestion, plannedRemovals } from "./plan-words";

test("a plan without removals is applied by a button that names none", () => {
  const question = applyQuestion({ ...EMPTY_TALLY, listed: 4, added: 1, updated: 2, retagged: 1 });
  expect(question.confirmLabel).toBe("Apply plan");
  expect(question.tone).toBe("primary");
  expect(question.description).toContain(
    "1 new object read, 2 changed objects read again, 1 document re-tagged.",
  );
});

test("removals are counted on the button, those that a sync would hold among them", () => {
  const tally = { ...EMPTY_TALLY, removed: 400, onHold: 12 };
  expect(plannedRemovals(tally)).toBe(412);
  expect(applyQuestion(tally)).toMatchObject({
    confirmLabel: "Apply plan and remove 412 documents",
    tone: "danger",
  });
});

test("a plan that changes nothing says so", () => {
  expect(applyQuestion({ ...EMPTY_TALLY, listed: 9, unchanged: 9 }).description).toContain(
    "It changes nothing.",
  );
});
