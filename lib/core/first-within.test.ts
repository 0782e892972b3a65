import { expect, test } from "vitest";
import { firstWithin } from "./first-within";

test.each([
  { weights: [], first: [] },
  { weights: [4, 6, 1], first: [4, 6] },
  { weights: [4, 7, 1], first: [4] },
  { weights: [11, 0, 1], first: [11] },
  { weights: [0, 0, 10], first: [0, 0, 10] },
])("of $weights, $first weigh no more than ten", ({ weights, first }) => {
  expect(firstWithin<number>(weights, 10, (weight) => weight)).toEqual(first);
});
