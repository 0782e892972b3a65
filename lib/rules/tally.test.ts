import { describe, expect, test } from "vitest";
import { EMPTY_TALLY, isBalanced, readTally, withPending } from "./tally";

const counted = { ...EMPTY_TALLY, listed: 10, added: 4, unchanged: 2, skipped: { empty: 1 } };

describe("the equation of a tally", () => {
  test("closes with what is yet to be read", () => {
    expect(isBalanced(counted)).toBe(false);
    expect(withPending(counted)).toEqual({ ...counted, pending: 3 });
    expect(isBalanced(withPending(counted))).toBe(true);
  });

  test("is not closed by numbers that name an object twice", () => {
    const twice = withPending({ ...counted, unchanged: 9 });
    expect(twice.pending).toBe(0);
    expect(isBalanced(twice)).toBe(false);
  });

  test("closes for rows that were written before pending was", () => {
    expect(readTally('{"listed":10,"added":4}')).toEqual({
      ...EMPTY_TALLY,
      listed: 10,
      added: 4,
      pending: 6,
    });
    expect(readTally("{}")).toEqual(EMPTY_TALLY);
  });
});
