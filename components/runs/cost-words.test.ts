import { expect, test } from "vitest";
import { byteWords, neededWords, requestWords, stageWords } from "./cost-words";

test("requests are told by kind, and trouble only where there was any", () => {
  expect(requestWords({ listRequests: 1_200, getRequests: 0 })).toBe("1,200 LIST, 0 GET");
  expect(requestWords({ listRequests: 1, getRequests: 88, retriedRequests: 3, throttledAnswers: 2 })).toBe(
    '1 LIST, 88 GET; 3 sent again, 2 answered with "slow down"',
  );
  expect(requestWords({ listRequests: 1, getRequests: 2, retriedRequests: 1 })).toBe(
    "1 LIST, 2 GET; 1 sent again",
  );
});

test("bytes of listings and of objects stand apart", () => {
  expect(byteWords({ bytesListed: 1_500, bytesRead: 42_000_000 })).toBe(
    "1.5 kB of listings, 42 MB of objects",
  );
});

test("stages stand in the order in which an object passes them, whatever the order of the row", () => {
  expect(stageWords({ stageMs: { wait: 300, fetch: 4_000, list: 1_200 } })).toBe(
    "List 1.2 s, Fetch 4 s, Wait 300 ms",
  );
});

test("a stage that this version does not know is told by its own name, at the end", () => {
  expect(stageWords({ stageMs: { embed: 20, store: 10 } })).toBe("Store 10 ms, embed 20 ms");
});

test("a run that measured nothing has no times to tell", () => {
  expect(stageWords({ stageMs: {} })).toBeNull();
});

test("what a plan needs counts one as one", () => {
  expect(neededWords({ list: 1, get: 2_000 })).toBe("about 1 LIST request and 2,000 GET requests");
});
