import { describe, expect, it } from "vitest";
import {
  FILTER_CONDITIONS_MAX,
  FILTER_DEPTH_MAX,
  matchesFilter,
  metadataFilterSchema,
  parseMetadata,
} from "./metadata-filter";

const metadata = {
  team: "Billing",
  year: 2024,
  pages: "12",
  draft: false,
  labels: ["red", "Blue", 7],
  note: "Paid in full",
};
const isMet = (filters: unknown) => matchesFilter(metadata, metadataFilterSchema.parse(filters));
const one = (condition: Record<string, unknown>) => isMet({ AND: [condition] });

describe("one condition", () => {
  it.each<[boolean, string, Record<string, unknown>]>([
    [true, "the same text", { key: "team", value: "Billing" }],
    [false, "another case", { key: "team", value: "billing" }],
    [true, "another case that does not matter", { key: "team", value: "billing", ignoreCase: true }],
    [true, "a flag written as text", { key: "team", value: "billing", ignoreCase: "true" }],
    [true, "a number written as text", { key: "year", value: "2024" }],
    [true, "a boolean", { key: "draft", value: false }],
    [false, "a key that is not there", { key: "owner", value: "x" }],
    [true, "negated, a key that is not there", { key: "owner", value: "x", negate: true }],
    [false, "negated, as text", { key: "team", value: "Billing", negate: "true" }],
    [false, "a key every object inherits", { key: "constructor", value: "x", filterType: "string_contains" }],
    [true, "numeric equality is the default", { key: "year", value: "2024", filterType: "numeric" }],
    [true, "greater", { key: "year", value: "2023", filterType: "numeric", numericOperator: ">" }],
    [false, "not greater", { key: "year", value: 2024, filterType: "numeric", numericOperator: ">" }],
    [true, "at least", { key: "year", value: 2024, filterType: "numeric", numericOperator: ">=" }],
    [
      true,
      "less, by number and not by text",
      { key: "pages", value: "100", filterType: "numeric", numericOperator: "<" },
    ],
    [true, "at most", { key: "pages", value: 12, filterType: "numeric", numericOperator: "<=" }],
    [false, "a text is no number", { key: "team", value: 1, filterType: "numeric", numericOperator: "<" }],
    [true, "in the list", { key: "labels", value: "red", filterType: "array_contains" }],
    [true, "a number in the list", { key: "labels", value: "7", filterType: "array_contains" }],
    [false, "part of an entry", { key: "labels", value: "re", filterType: "array_contains" }],
    [
      true,
      "in the list in another case",
      { key: "labels", value: "BLUE", filterType: "array_contains", ignoreCase: true },
    ],
    [false, "a text is no list", { key: "team", value: "Billing", filterType: "array_contains" }],
    [true, "in the text", { key: "note", value: "in", filterType: "string_contains" }],
    [false, "in the text in another case", { key: "note", value: "paid", filterType: "string_contains" }],
    [
      true,
      "signs of SQL are plain",
      { key: "note", value: "%' OR 1", filterType: "string_contains", negate: true },
    ],
  ])("%s: %s", (expected, _name, condition) => {
    expect(one(condition)).toBe(expected);
  });
});

describe("lists of conditions", () => {
  const yes = { key: "team", value: "Billing" };
  const no = { key: "team", value: "Sales" };

  it.each<[boolean, unknown]>([
    [true, { AND: [yes, yes] }],
    [false, { AND: [yes, no] }],
    [true, { OR: [no, yes] }],
    [false, { OR: [no, no] }],
    [true, { AND: [yes, { OR: [no, { AND: [yes] }] }] }],
    [true, { AND: [] }],
    [true, { OR: [] }],
    [true, JSON.stringify({ OR: [no, yes] })],
  ])("%s: %j", (expected, filters) => {
    expect(isMet(filters)).toBe(expected);
  });
});

describe("what is refused", () => {
  const condition = { key: "a", value: "b" };
  const nested = (depth: number): unknown =>
    depth === 1 ? { AND: [condition] } : { AND: [nested(depth - 1)] };
  let veryDeep: unknown = condition;
  for (let depth = 0; depth < 50_000; depth++) veryDeep = { AND: [veryDeep] };
  const many = (count: number) => ({ OR: Array.from({ length: count }, () => condition) });

  it.each<[string, unknown]>([
    ["text that is no JSON", "{"],
    ["a list", []],
    ["null", null],
    ["a condition alone", condition],
    ["both AND and OR", { AND: [condition], OR: [condition] }],
    ["no list", { AND: condition }],
    ["a key with a blank", { AND: [{ key: "a b", value: "c" }] }],
    ["a long key", { AND: [{ key: "a".repeat(65), value: "c" }] }],
    ["no value", { AND: [{ key: "a" }] }],
    ["an unknown type", { AND: [{ ...condition, filterType: "regex" }] }],
    ["an unknown operator", { AND: [{ ...condition, numericOperator: "!=" }] }],
    ["too deep", nested(FILTER_DEPTH_MAX + 1)],
    ["so deep that the stack would end", veryDeep],
    ["too many", many(FILTER_CONDITIONS_MAX + 1)],
  ])("%s", (_name, filters) => {
    expect(metadataFilterSchema.safeParse(filters).success).toBe(false);
  });

  it("the deepest and the longest pass", () => {
    expect(metadataFilterSchema.safeParse(nested(FILTER_DEPTH_MAX)).success).toBe(true);
    expect(metadataFilterSchema.safeParse(many(FILTER_CONDITIONS_MAX)).success).toBe(true);
  });
});

it.each([null, "", "{", "[]", "3", "null"])("stored metadata %j counts as none", (json) => {
  expect(parseMetadata(json)).toEqual({});
});
