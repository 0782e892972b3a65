import { describe, expect, test } from "vitest";
import { excerpt } from "./excerpt";

const written = (stretches: ReturnType<typeof excerpt>) =>
  stretches.map(({ text, isMarked }) => (isMarked ? `[${text}]` : text)).join("");

describe("the excerpt of a passage", () => {
  test("marks every match", () => {
    const marks = [
      { start: 4, end: 9 },
      { start: 14, end: 19 },
    ];
    expect(written(excerpt("the water and water", marks))).toBe("the [water] and [water]");
  });

  test("without a match begins at the start", () => {
    expect(written(excerpt("nothing here", []))).toBe("nothing here");
  });

  test("of a long passage begins shortly before its first match, at a word", () => {
    const content = `${"lorem ".repeat(100)}water ${"ipsum ".repeat(100)}`;
    const text = written(excerpt(content, [{ start: 600, end: 605 }]));
    expect(text).toMatch(/^… (lorem )+\[water\] ipsum/);
    expect(text.endsWith(" …")).toBe(true);
  });

  test("leaves out marks beyond its end", () => {
    expect(
      written(
        excerpt("x".repeat(900), [
          { start: 0, end: 1 },
          { start: 800, end: 801 },
        ]),
      ),
    ).not.toContain("[x]x[x]");
  });
});
