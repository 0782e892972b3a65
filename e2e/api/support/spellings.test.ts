import { expect, test } from "vitest";
import { findSpelling } from "./spellings";

const SECRET = "Zq7/pLanted+Secret&Key=4xW9/vT2+u";

const WAYS: [name: string, write: (secret: string) => string][] = [
  ["as it is", (secret) => secret],
  ["in an address", encodeURIComponent],
  ["in hexadecimal", (secret) => Buffer.from(secret).toString("hex")],
  ["in base64", (secret) => btoa(secret)],
  ["in base64 after one byte of something else", (secret) => btoa(`:${secret}`)],
  ["in base64 after two bytes and before more", (secret) => btoa(`{"${secret}", "more": 1}`)],
  ["in base64 for addresses", (secret) => Buffer.from(secret).toString("base64url")],
  ["in JSON that escapes slashes", (secret) => secret.replaceAll("/", "\\/")],
  ["in HTML", (secret) => secret.replaceAll("&", "&amp;")],
];

test.each(WAYS)("a secret is found %s", (_, write) => {
  expect(findSpelling(Buffer.from(`before ${write(SECRET)} after`), [SECRET])).not.toBeNull();
});

test("nothing is found where there is none", () => {
  expect(findSpelling(Buffer.from("A heron, a reed, a pond."), [SECRET])).toBeNull();
});
