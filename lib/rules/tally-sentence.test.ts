import { describe, expect, test } from "vitest";
import { EMPTY_TALLY, type Tally, withPending } from "./tally";
import { skipReasons, skipWords, tallySentence, tallySummary } from "./tally-sentence";

const tally: Tally = {
  ...EMPTY_TALLY,
  listed: 5_310,
  unchanged: 4_700,
  added: 88,
  updated: 12,
  skipped: { empty: 1, unsupported_type: 499 },
  failed: 10,
  removed: 2,
};

const written = (value: Tally) => {
  const { listed, parts, beside } = tallySentence(value);
  const words = (list: typeof parts) => list.map((part) => `${part.count} ${part.words}`).join(", ");
  return `${listed} listed: ${words(parts)}.${beside.length > 0 ? ` Also ${words(beside)}.` : ""}`;
};

describe("the tally as a sentence", () => {
  test("names every part, also those with none, and what stands beside the sum", () => {
    expect(written(tally)).toBe(
      "5310 listed: 4700 unchanged, 88 new, 12 changed, 0 re-tagged, 500 skipped, 0 over the limit, 10 failed. Also 2 removed.",
    );
  });

  test("adds up to what was listed, also while objects are yet to be read", () => {
    const running = withPending({ ...tally, added: 3 });
    for (const one of [tally, running, EMPTY_TALLY]) {
      const { listed, parts } = tallySentence(one);
      expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(listed);
    }
    expect(written(running)).toContain("85 to read");
  });

  test("puts removals on hold beside the sum", () => {
    expect(written({ ...EMPTY_TALLY, onHold: 412 })).toContain("Also 412 on hold.");
  });

  test("says why objects were skipped, most frequent first", () => {
    expect(skipReasons(tally).map(({ reason, count }) => [reason, count])).toEqual([
      ["unsupported_type", 499],
      ["empty", 1],
    ]);
    expect(skipWords("too_large")).toBe("larger than 50 MB");
    expect(skipWords("a_new_reason")).toBe("a new reason");
  });

  test("has a short form that says only what happened", () => {
    expect(tallySummary(tally)).toBe("88 new, 12 changed, 10 failed, 2 removed");
    expect(tallySummary({ ...EMPTY_TALLY, listed: 4, unchanged: 4 })).toBe("nothing changed");
    expect(tallySummary(EMPTY_TALLY)).toBe("nothing listed");
  });
});
