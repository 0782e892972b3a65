import { expect, test } from "vitest";
import { said } from "./said";

test.each([
  ["Connection not found", null, "Connection not found."],
  ["Forbidden", "This key may not do that.", "Forbidden. This key may not do that."],
  ["The store does not answer.", "The store does not answer.", "The store does not answer."],
  [null, "  ", ""],
])("%j with %j reads %j", (error, details, text) => {
  expect(said(error, details)).toBe(text);
});
