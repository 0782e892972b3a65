import { describe, expect, it } from "vitest";
import { canReadNow, EXTRACTOR_VERSION, NEWLY_READ, newestOf } from "./extract";

const newlyRead = { 2: ["image/png", "application/pdf"], 3: ["application/pdf"] };

describe("an object that gave no text to an older version", () => {
  it.each([
    ["is read by the version that reads its kind", "image/png", 1, true],
    ["is read where several versions have come since", "image/png", 0, true],
    ["is not read for what came later", "image/png", 2, false],
    ["is read once more where its kind is read better", "application/pdf", 2, true],
    ["is not read by the version that tried it", "application/pdf", 3, false],
    ["is not read where nobody reads its kind", "image/gif", 0, false],
    ["is read by any newer version where its kind is not known", null, 2, true],
    ["is not read by the same version where its kind is not known", null, 3, false],
    ["is not read by an older version", null, 4, false],
  ])("%s", (_rule, detected, sinceVersion, isRead) => {
    expect(canReadNow(detected, sinceVersion, newlyRead)).toBe(isRead);
  });

  it("is read by the first version where none has looked at it", () => {
    expect(canReadNow(null, 0, {})).toBe(true);
    expect(canReadNow(null, 1, {})).toBe(false);
  });
});

describe("the version", () => {
  it("is the last that says what it brought", () => {
    expect(newestOf({})).toBe(1);
    expect(newestOf(newlyRead)).toBe(3);
    expect(EXTRACTOR_VERSION).toBe(newestOf(NEWLY_READ));
  });

  it("leaves none out, and each has brought something", () => {
    const versions = Object.keys(NEWLY_READ).map(Number);
    expect(versions).toEqual(versions.map((_, at) => at + 2));
    for (const kinds of Object.values(NEWLY_READ)) expect(kinds.length).toBeGreaterThan(0);
  });
});
