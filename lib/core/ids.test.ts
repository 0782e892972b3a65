import { expect, test } from "vitest";
import { base62, documentIdFor } from "./ids";

test.each([
  [new Uint8Array(17), "0000000000000000000000"],
  [new Uint8Array(17).fill(255), "1R5qwZrHuQa8TWcCXl8faA"],
  [Uint8Array.from({ length: 17 }, (_, at) => at * 15), "aGjFlkmLXRhNS6XENtfWS0"],
])("bytes are a number of 22 digits to the base of 62, its last digit first: %j", (bytes, text) => {
  expect(base62(bytes)).toBe(text);
});

// These ids stand in databases: an object whose id came out differently would have two documents.
test.each([
  ["connection", "docs/a.txt", "6MUUoPNlfs62orHNvPUfj0"],
  ["connection", "docs/日本.txt", "LZJrqjTzSJkCIj8iFCVboR"],
  ["other", "docs/a.txt", "AW7vDMeOZBX2F2htrkyrPJ"],
])("the document of an object has the same id for ever: %s, %s", (connectionId, key, id) => {
  expect(documentIdFor(connectionId, key)).toBe(id);
});
