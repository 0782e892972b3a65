import { expect, test } from "vitest";
import { tsqueriesOf, tsqueryOf, tsvectorOf } from "./tsvector-text";

const sequence = (words: string[], isPrefix = false) => ({ words, isPrefix });

test.each([
  ["each place of a token", "", "foo bar foo", "'foo':2,4 'bar':3"],
  ["the title in front, with a gap that no phrase crosses", "foo", "bar", "'foo':1A 'bar':3"],
  ["a token of both", "foo", "foo", "'foo':1A,3"],
  ["quotes and backslashes, doubled", "", "o'brien a\\b", "'o''brien':2 'a\\\\b':3"],
  ["more than one space", "", " foo  bar ", "'foo':2 'bar':3"],
  ["nothing", "", "", ""],
])("a tsvector holds %s", (_what, title, body, expected) => {
  expect(tsvectorOf(title, body)).toBe(expected);
});

test("places beyond what a tsvector keeps stand at its last one", () => {
  const body = Array.from({ length: 16_400 }, (_, at) => `w${at}`).join(" ");
  expect(tsvectorOf("", body).endsWith("'w16399':16383")).toBe(true);
});

test("a sequence is a phrase, its last word a beginning where it is asked for", () => {
  expect(tsqueriesOf([[sequence(["foo", "bar"], true)], [sequence(["x"]), sequence(["y"])]])).toEqual([
    "('foo' <-> 'bar':*)",
    "('x') | ('y')",
  ]);
});

test("groups are joined by any or by all, and one that asks for nothing is left out", () => {
  const groups = [[sequence(["a"])], [], [sequence([""])], [sequence(["b"])]];
  expect(tsqueryOf({ mode: "any", groups })).toBe("(('a')) | (('b'))");
  expect(tsqueryOf({ mode: "all", groups })).toBe("(('a')) & (('b'))");
  expect(tsqueryOf({ mode: "any", groups: [[sequence(['"', "\0"])]] })).toBe("");
});
