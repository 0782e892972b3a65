import { describe, expect, test } from "vitest";
import type { ListedObject } from "@/lib/source/source";
import { compileScope, type RunSettings } from "./scope";
import { digestOfListed } from "./window-digest";

const settings: RunSettings = {
  bucket: "b",
  region: "r",
  endpoint: null,
  prefix: "",
  filters: {
    includeGlobs: [],
    excludeGlobs: ["*.log"],
    extensions: [],
    sizeBytesMin: null,
    sizeBytesMax: null,
  },
  containerTagRegex: "^(?<userId>[a-z]+)/",
  tagFallback: "skip",
  containerTags: ["team"],
  documentLimit: 10,
  deletionPolicy: "remove",
};
const scope = compileScope(settings);
const listed = (key: string, more: Partial<ListedObject> = {}): ListedObject => ({
  key,
  etag: "e1",
  sizeBytes: 5,
  lastModified: 10,
  storageClass: "STANDARD",
  ...more,
});

describe("a window as one text", () => {
  test("holds of each key in order what tells its version and its tags", () => {
    const objects = [listed("ann/a.txt"), listed("bob/b.txt", { etag: "e2", sizeBytes: 7 })];
    expect(digestOfListed(objects, scope)).toBe(
      "ann/a.txt\x1fe1\x1f5\x1fann\x1ebob/b.txt\x1fe2\x1f7\x1fbob\x1e",
    );
  });

  test.each([
    ["another ETag", { etag: "e9" }],
    ["another size", { sizeBytes: 6 }],
  ])("%s is another text", (_what, change) => {
    const before = digestOfListed([listed("ann/a.txt")], scope);
    expect(digestOfListed([listed("ann/a.txt", change)], scope)).not.toBe(before);
  });

  test.each([
    ["a store without ETags", listed("ann/a.txt", { etag: "" })],
    ["an object that is skipped", listed("ann/a.mp4")],
    ["an object that the filters leave out", listed("ann/a.log")],
    ["a key without a tag", listed("nothing")],
    ["a key that holds the sign between fields", listed("ann/a\x1fb.txt")],
    ["a key that holds the sign between rows", listed("ann/a\x1eb.txt")],
  ])("%s makes no text: its rows are compared one by one", (_what, object) => {
    expect(digestOfListed([listed("ann/a.txt"), object], scope)).toBeNull();
  });
});
