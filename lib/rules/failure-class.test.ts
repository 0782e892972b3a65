import { describe, expect, test } from "vitest";
import { ERROR_CODES } from "@/lib/core/errors";
import { FAILURE_CLASSES, failureClassOf } from "./failure-class";

describe("the class of a failure", () => {
  test.each([
    ["source_auth", "auth"],
    ["object_denied", "denied"],
    ["source_throttled", "throttled"],
    ["source_unreachable", "unreachable"],
    ["source_timeout", "timeout"],
    ["extract_timeout", "timeout"],
    ["object_changed", "changed_while_reading"],
    ["object_too_large", "too_large"],
    ["extract_failed", "extract_failed"],
    ["invalid_container_tag", "invalid_container_tag"],
    ["destination", "destination"],
    ["lease_lost", "internal"],
  ])("of %s is %s", (code, expected) => {
    expect(failureClassOf(code)).toBe(expected);
  });

  test("is there for every code, and every class is some code's", () => {
    const classes = new Set(ERROR_CODES.map(failureClassOf));
    expect([...classes].sort()).toEqual([...FAILURE_CLASSES].sort());
  });

  test.each([["a_code_of_tomorrow"], ["toString"], [null]])(
    "of %s, which nobody knows, is internal",
    (code) => {
      expect(failureClassOf(code)).toBe("internal");
    },
  );
});
