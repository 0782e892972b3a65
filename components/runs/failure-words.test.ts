import { expect, test } from "vitest";
import { FAILURE_CLASSES } from "@/lib/rules/failure-class";
import { FAILURE_WORDS, failureStage, nextTry } from "./failure-words";

const NOW = 1_000_000;

test.each([
  ["later", NOW + 1, { kind: "at", at: NOW + 1 }],
  ["due", NOW, { kind: "next_run" }],
  ["asked for by a person", 0, { kind: "next_run" }],
  ["not to be had before something changes", null, { kind: "on_change" }],
])("a try that is %s", (_what, nextTryAt, expected) => {
  expect(nextTry({ nextTryAt }, NOW)).toEqual(expected);
});

test("every class of failure has words of its own", () => {
  const words = FAILURE_CLASSES.map((one) => FAILURE_WORDS[one]);
  expect(new Set(words).size).toBe(FAILURE_CLASSES.length);
});

test("a failure of which the stage is not known names none", () => {
  expect(failureStage({ stage: null })).toBe("—");
  expect(failureStage({ stage: "extract" })).toBe("Extract");
});
