import { describe, expect, test } from "vitest";
import { shownParts, shownText, splitKey } from "./key-display";

describe("a key from a bucket", () => {
  test.each([
    ["plain text stays", "reports/q4 ä 文書.pdf", "reports/q4 ä 文書.pdf"],
    ["a right-to-left override is written out", "a\u202Efdp.exe", "a\\u202Efdp.exe"],
    ["isolates and marks are written out", "a\u2066b\u200Fc", "a\\u2066b\\u200Fc"],
    ["a zero-width space is written out", "a\u200Bb", "a\\u200Bb"],
    ["line ends and tabs are written out", "a\nb\rc\td", "a\\nb\\rc\\td"],
    ["a NUL and an escape are written out", "a\u0000b\u001B[31m", "a\\u0000b\\u001B[31m"],
    ["a lone surrogate is written out", "a\uD800b", "a\\uD800b"],
    ["right-to-left letters themselves stay", "שלום.txt", "שלום.txt"],
    ["an emoji stays whole", "🚰.txt", "🚰.txt"],
  ])("%s", (_rule, key, shown) => {
    expect(shownText(key)).toBe(shown);
  });

  test("tells what it escaped from what it left, so that the two look different", () => {
    expect(shownParts("a\u202Eb")).toEqual([
      { text: "a", isEscape: false },
      { text: "\\u202E", isEscape: true },
      { text: "b", isEscape: false },
    ]);
    expect(shownParts("a\\u202Eb")).toEqual([{ text: "a\\u202Eb", isEscape: false }]);
  });
});

describe("a key that is cut in the middle", () => {
  test.each([
    ["keeps the file's name", "users/u-1/reports/2026/q4.pdf", "q4.pdf"],
    ["keeps a folder's name with its slash", "users/u-1/", "u-1/"],
    ["without folders is all tail", "readme.md", "readme.md"],
    [
      "keeps the end of a long name",
      `a/${"x".repeat(60)}-final-version.docx`,
      "xxxxxx-final-version.docx".slice(-24),
    ],
  ])("%s", (_rule, key, tail) => {
    const parts = splitKey(key);
    expect(parts.tail).toBe(tail);
    expect(parts.head + parts.tail).toBe(key);
  });

  test("never cuts a character in two", () => {
    for (let length = 30; length < 60; length += 1) {
      const { head, tail } = splitKey("🚰".repeat(length));
      expect(shownText(head) + shownText(tail)).toBe("🚰".repeat(length));
    }
  });
});
