import { describe, expect, test } from "vitest";
import { NO_FILTERS } from "@/lib/rules/filters";
import { compileScope, type RunSettings, runSettingsOf } from "./scope";

const row = {
  bucket: "b",
  region: "r",
  endpoint: null,
  prefix: "p/",
  includeGlobs: '["*.md"]',
  excludeGlobs: "[]",
  extensions: "[]",
  sizeBytesMin: null,
  sizeBytesMax: 10n,
  containerTagRegex: null,
  tagFallback: "skip",
  tags: [{ tag: "team" }],
  documentLimit: 10,
  deletionPolicy: "keep",
};
const settings: RunSettings = {
  bucket: "b",
  region: "r",
  endpoint: null,
  prefix: "p/",
  filters: { ...NO_FILTERS, includeGlobs: ["*.md"], sizeBytesMax: 10 },
  containerTagRegex: null,
  tagFallback: "skip",
  containerTags: ["team"],
  documentLimit: 10,
  deletionPolicy: "keep",
};

describe("the settings of a run", () => {
  test("are chosen from the connection's row, and nothing secret comes along", () => {
    expect(runSettingsOf({ ...row, ...{ sealedCredentials: "v1.sealed", caPem: "pem" } })).toEqual(settings);
  });
});

describe("the scope", () => {
  test("has what the filters let in", () => {
    const { isInScope } = compileScope(settings);
    expect(isInScope({ key: "p/a.md", sizeBytes: 10 })).toBe(true);
    expect(isInScope({ key: "p/a.md", sizeBytes: 11 })).toBe(false);
    expect(isInScope({ key: "p/a.txt", sizeBytes: 10 })).toBe(false);
  });

  test("has everything where there are no filters", () => {
    const { isInScope } = compileScope({ ...settings, filters: NO_FILTERS });
    expect(isInScope({ key: "p/a.bin", sizeBytes: 10 ** 12 })).toBe(true);
  });

  test("a filter that does not compile is refused by its name", () => {
    const broken = { ...settings, filters: { ...NO_FILTERS, excludeGlobs: ["[a"] } };
    expect(() => compileScope(broken)).toThrow(
      expect.objectContaining({
        code: "invalid_input",
        details: expect.stringMatching(/^metadata\.excludeGlobs: /),
      }),
    );
  });
});
