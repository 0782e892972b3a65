import { describe, expect, test } from "vitest";
import { email, newPassword, safeNextPath } from "./schema";

describe("what a person types to enter", () => {
  test.each([
    [11, false],
    [12, true],
    [256, true],
    [257, false],
  ])("a password of %i characters: allowed %s", (length, isAllowed) => {
    expect(newPassword.safeParse("x".repeat(length)).success).toBe(isAllowed);
  });

  test("an email is one account however it is capitalized", () => {
    expect(email.parse(" Ada@Example.com ")).toBe("ada@example.com");
    expect(email.safeParse("ada").success).toBe(false);
  });

  test.each([
    ["/connections?tag=a#b", "/connections?tag=a#b"],
    ["https://evil.example/", "/"],
    ["//evil.example/", "/"],
    ["/\\evil.example/", "/"],
    ["/\t/evil.example/", "/"],
    ["/.//evil.example/", "/"],
    ["/a/..//evil.example/", "/"],
    ["/%2e//evil.example/", "/"],
    ["javascript:alert(1)", "/"],
    ["connections", "/"],
    ["", "/"],
  ])("after signing in, %j opens %s", (next, path) => {
    expect(safeNextPath(next)).toBe(path);
  });
});
