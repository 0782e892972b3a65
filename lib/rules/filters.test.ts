import { describe, expect, test } from "vitest";
import { compileFilters, type Filters, filtersOf, NO_FILTERS } from "./filters";

const kB = 1_000;

function isIncluded(filters: Partial<Filters>, key: string, sizeBytes = kB): boolean {
  const compiled = compileFilters({ ...NO_FILTERS, ...filters });
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled.isIncluded({ key, sizeBytes });
}

const refusal = (filters: Partial<Filters>) => compileFilters({ ...NO_FILTERS, ...filters });

describe("filters", () => {
  test("that say nothing let everything in", () => {
    expect(isIncluded({}, "anything", 0)).toBe(true);
  });

  test.each<[string, Partial<Filters>, string, boolean]>([
    ["an include glob it meets", { includeGlobs: ["docs/**", "*.md"] }, "x/a.md", true],
    ["no include glob it meets", { includeGlobs: ["docs/**"] }, "x/a.md", false],
    ["an exclude glob it meets", { excludeGlobs: ["drafts/"] }, "drafts/a.md", false],
    ["no exclude glob it meets", { excludeGlobs: ["drafts/"] }, "a.md", true],
    [
      "one of each that it meets",
      { includeGlobs: ["*.md"], excludeGlobs: ["drafts/"] },
      "drafts/a.md",
      false,
    ],
    ["its extension", { extensions: ["pdf", "md"] }, "x/a.md", true],
    ["its extension with a dot and in capitals", { extensions: [".Md"] }, "x/A.mD", true],
    ["another extension", { extensions: ["md"] }, "x/a.mdx", false],
    ["an extension, and it has none", { extensions: ["md"] }, "x.md/a", false],
    ["an extension, and its name is nothing else", { extensions: ["profile"] }, ".profile", false],
    ["an extension and a glob that both fit", { extensions: ["md"], includeGlobs: ["a/*"] }, "a/b.md", true],
    [
      "an extension that fits and a glob that does not",
      { extensions: ["md"], includeGlobs: ["a/*"] },
      "b.md",
      false,
    ],
  ])("with %s", (_what, filters, key, expected) => {
    expect(isIncluded(filters, key)).toBe(expected);
  });

  test("take sizes up to and including their bounds", () => {
    const filters = { sizeBytesMin: 10, sizeBytesMax: 20 };
    expect([9, 10, 20, 21].map((size) => isIncluded(filters, "a", size))).toEqual([false, true, true, false]);
    expect(isIncluded({ sizeBytesMin: 0 }, "a", 0)).toBe(true);
  });

  test.each<[string, Partial<Filters>, string]>([
    ["a broken include glob", { includeGlobs: ["[a"] }, "includeGlobs"],
    ["a broken exclude glob", { excludeGlobs: ["{a"] }, "excludeGlobs"],
    ["an extension of two parts", { extensions: ["tar.gz"] }, "extensions"],
    ["an extension that is a glob", { extensions: ["*.md"] }, "extensions"],
    ["an empty extension", { extensions: ["."] }, "extensions"],
    ["more extensions than may be", { extensions: Array.from({ length: 101 }, () => "a") }, "extensions"],
    ["sizes the wrong way round", { sizeBytesMin: 2, sizeBytesMax: 1 }, "sizeBytesMax"],
  ])("are refused with %s, by its name", (_what, filters, field) => {
    expect(refusal(filters)).toMatchObject({ field, problem: expect.stringMatching(/\.$/) });
  });

  test("are read from a connection's columns", () => {
    const row = {
      includeGlobs: '["a/*"]',
      excludeGlobs: "[]",
      extensions: '["pdf"]',
      sizeBytesMin: 1n,
      sizeBytesMax: null,
    };
    expect(filtersOf(row)).toEqual({
      includeGlobs: ["a/*"],
      excludeGlobs: [],
      extensions: ["pdf"],
      sizeBytesMin: 1,
      sizeBytesMax: null,
    });
  });
});
