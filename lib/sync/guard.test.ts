import { describe, expect, test } from "vitest";
import { judgeRemovals } from "./guard";

describe("the removal guard", () => {
  test.each([
    ["nothing absent", { listed: 10, stored: 10, absent: 0 }, "remove"],
    ["nothing absent from an empty listing", { listed: 0, stored: 0, absent: 0 }, "remove"],
    ["an empty listing while one document is stored", { listed: 0, stored: 1, absent: 1 }, "hold"],
    ["25 of 25, since that is not more than 25", { listed: 1, stored: 25, absent: 25 }, "remove"],
    ["26 of 26", { listed: 1, stored: 26, absent: 26 }, "hold"],
    ["26 of 104, exactly 25 %", { listed: 78, stored: 104, absent: 26 }, "remove"],
    ["26 of 103, more than 25 %", { listed: 77, stored: 103, absent: 26 }, "hold"],
    ["1,000 of 1,000,000", { listed: 999_000, stored: 1_000_000, absent: 1_000 }, "remove"],
  ])("%s: %o is %s", (_case, facts, outcome) => {
    expect(judgeRemovals(facts).outcome).toBe(outcome);
  });
});
