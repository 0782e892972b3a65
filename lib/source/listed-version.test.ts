import { describe, expect, test } from "vitest";
import { isListedVersion } from "./listed-version";
import type { ObjectHead } from "./s3-requests";
import type { ListedObject } from "./source";

const TIME = Date.UTC(2026, 0, 2, 3, 4, 5);

const LISTED: ListedObject = {
  key: "a.txt",
  etag: "abc",
  sizeBytes: 5,
  lastModified: TIME + 678,
  storageClass: "STANDARD",
};

const SAME: ObjectHead = {
  etag: "abc",
  isEtagWeak: false,
  lastModified: TIME,
  lengthBytes: 5,
  contentType: null,
  contentEncoding: null,
};

type Case = [what: string, answer: Partial<ObjectHead>, listed: Partial<ListedObject>, expected: boolean];

const judge = (answer: Partial<ObjectHead>, listed: Partial<ListedObject>, isIfMatchHonoured: boolean) =>
  isListedVersion({ ...SAME, ...answer }, { ...LISTED, ...listed }, { isIfMatchHonoured });

const LATER = { lastModified: TIME + 9_000 };

describe("where If-Match is honoured, a strong ETag decides alone", () => {
  test.each<Case>([
    ["the same, whatever the time", LATER, {}, true],
    ["the same, whatever the length", { lengthBytes: 9 }, {}, true],
    ["another, with the same length and time", { etag: "other" }, {}, false],
  ])("%s", (_what, answer, listed, expected) => expect(judge(answer, listed, true)).toBe(expected));
});

describe("where it is not honoured, the same strong ETag is enough, and another proves nothing", () => {
  test.each<Case>([
    ["the same, whatever the time", LATER, {}, true],
    ["another, with the same length and time", { etag: "other" }, {}, true],
    ["another, and another time", { etag: "other", ...LATER }, {}, false],
    ["another, and another length", { etag: "other", lengthBytes: 6 }, {}, false],
  ])("%s", (_what, answer, listed, expected) => expect(judge(answer, listed, false)).toBe(expected));
});

describe.each([
  ["a weak ETag that is the listed one", { isEtagWeak: true }, {}],
  ["a weak ETag that is another", { etag: "other", isEtagWeak: true }, {}],
  ["no ETag in the answer", { etag: "" }, {}],
  ["no ETag in the listing", {}, { etag: "" }],
])("with %s, length and time decide", (_what, tag, listedTag) => {
  test.each<Case>([
    ["both the same", {}, {}, true],
    ["another length", { lengthBytes: 6 }, {}, false],
    ["less than a second later", {}, { lastModified: TIME + 999 }, true],
    ["a second later", {}, { lastModified: TIME + 1_000 }, false],
    ["less than a second earlier", {}, { lastModified: TIME - 999 }, true],
    ["a second earlier", {}, { lastModified: TIME - 1_000 }, false],
    ["no time in the answer, the same length", { lastModified: null }, {}, true],
    ["no time in the answer, another length", { lastModified: null, lengthBytes: 6 }, {}, false],
    ["no time in the listing, the same length", {}, { lastModified: 0 }, true],
    ["no length announced", { lengthBytes: null }, {}, true],
    ["no length announced, another time", { lengthBytes: null, ...LATER }, {}, false],
    ["the length of what a proxy encoded", { lengthBytes: 25, contentEncoding: "gzip" }, {}, true],
  ])("%s", (_what, answer, listed, expected) => {
    for (const isIfMatchHonoured of [true, false])
      expect(judge({ ...tag, ...answer }, { ...listed, ...listedTag }, isIfMatchHonoured)).toBe(expected);
  });
});
