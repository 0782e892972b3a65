import { expect, test } from "vitest";
import { pauseAfterCount } from "./report-progress";

test.each([
  ["at the next look when it took no time", 0, 0],
  ["after twenty times as long as it took", 100, 2_000],
  ["after ten seconds at most", 500, 10_000],
  ["after ten seconds also when it took minutes", 300_000, 10_000],
])("the tally of a run is counted again %s", (_when, tookMs, pauseMs) => {
  expect(pauseAfterCount(tookMs)).toBe(pauseMs);
});
