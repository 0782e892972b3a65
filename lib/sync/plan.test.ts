import { describe, expect, test } from "vitest";
import { canReadNow, type NewlyRead } from "@/lib/extract/extract";
import { NO_FILTERS } from "@/lib/rules/filters";
import type { ListedObject } from "@/lib/source/source";
import type { ManifestRow } from "./manifest";
import { planWindow } from "./plan";
import { compileScope, type RunSettings } from "./scope";

const NOW = 1_000_000;
const settings: RunSettings = {
  bucket: "b",
  region: "r",
  endpoint: null,
  prefix: "",
  filters: NO_FILTERS,
  containerTagRegex: null,
  tagFallback: "connection_tags",
  containerTags: ["team"],
  documentLimit: 10,
  deletionPolicy: "remove",
};
const listed = (changes: Partial<ListedObject> = {}): ListedObject => ({
  key: "a.txt",
  etag: "1",
  sizeBytes: 5,
  lastModified: 10,
  storageClass: "STANDARD",
  ...changes,
});
const version = { etag: "1", sizeBytes: 5, lastModified: 10, tags: "team" };
const row = (changes: Partial<ManifestRow> = {}): ManifestRow => ({
  key: "a.txt",
  stored: version,
  outcome: "stored",
  reason: null,
  seenEtag: null,
  seenModified: null,
  detected: null,
  extractorVersion: 1,
  attempts: 0,
  nextTryAt: null,
  isAbsenceKept: false,
  documentId: "doc",
  isSettledByRun: false,
  ...changes,
});
const nothingStored = { stored: null, documentId: null } as const;

function plan(
  objects: ListedObject[],
  rows: ManifestRow[],
  more: Partial<RunSettings> = {},
  newlyRead: NewlyRead = {},
) {
  const scope = compileScope({ ...settings, ...more });
  const reads = (...asked: [string | null, number]) => canReadNow(...asked, newlyRead);
  return planWindow(objects, rows, { scope, now: NOW, canReadNow: reads, isReread: false });
}

describe("planning a window", () => {
  test.each<[string, ListedObject[], ManifestRow[], object[]]>([
    ["a new key is added", [listed()], [], [{ kind: "add", tags: "team" }]],
    [
      "the same ETag and size is unchanged",
      [listed()],
      [row()],
      [{ kind: "unchanged", needsRestore: false }],
    ],
    ["another ETag is an update", [listed({ etag: "2" })], [row()], [{ kind: "update" }]],
    [
      "another size under the same ETag is an update",
      [listed({ sizeBytes: 6 })],
      [row()],
      [{ kind: "update" }],
    ],
    [
      "another date under the same ETag is unchanged",
      [listed({ lastModified: 99 })],
      [row()],
      [{ kind: "unchanged" }],
    ],
    [
      "without an ETag the date decides",
      [listed({ etag: "", lastModified: 99 })],
      [row()],
      [{ kind: "update" }],
    ],
    [
      "without an ETag an older date is another version, too",
      [listed({ etag: "", lastModified: 9 })],
      [row()],
      [{ kind: "update" }],
    ],
    ["without an ETag the same date is unchanged", [listed({ etag: "" })], [row()], [{ kind: "unchanged" }]],
    ["a key that is gone is absent", [], [row()], [{ kind: "absent", key: "a.txt" }]],
    ["a kept absence is not asked again", [], [row({ isAbsenceKept: true })], []],
    [
      "an object that returns is restored",
      [listed()],
      [row({ isAbsenceKept: true })],
      [{ needsRestore: true }],
    ],
    [
      "other tags are a retag, without a read",
      [listed()],
      [row({ stored: { ...version, tags: "old" } })],
      [{ kind: "retag" }],
    ],
    [
      "what this run has settled is counted only",
      [listed({ etag: "9" })],
      [row({ isSettledByRun: true })],
      [{ kind: "settled" }],
    ],
    [
      "an interrupted read is planned again",
      [listed()],
      [row({ ...nothingStored, outcome: "queued" })],
      [{ kind: "add" }],
    ],
  ])("%s", (_rule, objects, rows, changes) => {
    expect(plan(objects, rows)).toMatchObject(changes);
    expect(plan(objects, rows)).toHaveLength(changes.length);
  });

  const failed = row({ ...nothingStored, outcome: "failed", reason: "extract_failed", seenEtag: "1" });
  const skipped = row({ ...nothingStored, outcome: "skipped", reason: "unsupported_type", seenEtag: "1" });
  test.each<[string, ManifestRow, object]>([
    ["a failure that would be the same again waits", failed, { kind: "still_failed" }],
    ["a failure that may pass is tried when it is due", { ...failed, nextTryAt: NOW }, { kind: "add" }],
    ["and not before", { ...failed, nextTryAt: NOW + 1 }, { kind: "still_failed" }],
    ["another version is tried whatever was", { ...failed, seenEtag: "0" }, { kind: "add" }],
    ["what held no text stays skipped", skipped, { kind: "skip", reason: "unsupported_type", isKnown: true }],
    [
      "a failed document without text keeps its place and is updated",
      { ...failed, documentId: "doc", nextTryAt: NOW },
      { kind: "update" },
    ],
    ["what had vanished and is listed again is read", { ...skipped, reason: "vanished" }, { kind: "add" }],
    [
      "what a person deleted stays deleted until it changes",
      { ...skipped, reason: "deleted_by_person", extractorVersion: 0 },
      { kind: "skip", reason: "deleted_by_person" },
    ],
    [
      "and returns when it has changed",
      { ...skipped, reason: "deleted_by_person", seenEtag: "0" },
      { kind: "add" },
    ],
    [
      "a stale document whose object went back is unchanged",
      row({ outcome: "failed", seenEtag: "0" }),
      { kind: "unchanged", needsRestore: true },
    ],
  ])("%s", (_rule, known, change) => {
    expect(plan([listed()], [known])).toMatchObject([change]);
  });

  const newlyRead = { 2: ["image/png"], 3: ["application/pdf"] };
  const carried = { kind: "skip", reason: "unsupported_type", isKnown: true };
  const png = { ...skipped, detected: "image/png" };
  const pdf = { ...failed, detected: "application/pdf" };
  test.each<[string, ManifestRow, object]>([
    ["reads what was skipped of a kind that it reads", png, { kind: "add" }],
    ["reads what held no text of such a kind", { ...png, reason: "empty" }, { kind: "add" }],
    ["reads what failed of such a kind", pdf, { kind: "add" }],
    ["reads what nobody knows the kind of", skipped, { kind: "add" }],
    ["and what failed before its kind was known", failed, { kind: "add" }],
    ["leaves what is of another kind", { ...png, detected: "image/gif" }, carried],
    ["and what failed of another kind", { ...pdf, detected: "text/html" }, { kind: "still_failed" }],
    ["leaves what a version of that kind has tried already", { ...png, extractorVersion: 2 }, carried],
    ["and what failed in it", { ...pdf, extractorVersion: 3 }, { kind: "still_failed" }],
    [
      "waits with a failure that may pass until it is due",
      { ...pdf, nextTryAt: NOW + 1 },
      { kind: "still_failed" },
    ],
    [
      "leaves what a person deleted",
      { ...png, reason: "deleted_by_person" },
      { reason: "deleted_by_person" },
    ],
  ])("a newer extractor %s", (_rule, known, change) => {
    expect(plan([listed()], [known], {}, newlyRead)).toMatchObject([change]);
  });

  test("what was skipped for its name alone is read when names like it are", () => {
    expect(plan([listed()], [{ ...skipped, extractorVersion: 0 }])).toMatchObject([{ kind: "add" }]);
  });

  test("a captured tag replaces the connection's, and a key that does not match keeps them", () => {
    const rule = { containerTagRegex: "users/(?<userId>[^/]+)/" };
    const objects = [listed({ key: "users/u1/a.txt" }), listed({ key: "other.txt" })];
    expect(plan(objects, [], rule)).toMatchObject([{ tags: "u1" }, { tags: "team" }]);
  });

  test("by a setting, a key that does not match is skipped, and its document leaves the scope", () => {
    const rule = { containerTagRegex: "users/(?<userId>[^/]+)/", tagFallback: "skip" } as const;
    expect(plan([listed()], [], rule)).toMatchObject([
      { kind: "skip", reason: "no_tag", leavesScope: false },
    ]);
    expect(plan([listed()], [row()], rule)).toMatchObject([
      { kind: "skip", reason: "no_tag", leavesScope: true },
    ]);
  });

  test("a capture that is no legal tag fails and never gets the shared tags", () => {
    const rule = { containerTagRegex: "users/(?<userId>[^/]+)/" };
    const object = listed({ key: "users/john@acme.com/a.txt" });
    const [change] = plan([object], [], rule);
    expect(change).toMatchObject({ kind: "fail", code: "invalid_container_tag" });
    const known = row({
      ...nothingStored,
      key: object.key,
      outcome: "failed",
      reason: "invalid_container_tag",
      seenEtag: "1",
    });
    expect(plan([object], [known], rule)).toMatchObject([{ kind: "still_failed" }]);
    expect(plan([object], [known])).toMatchObject([{ kind: "add", tags: "team" }]);
  });

  test.each([
    ["folder/", 0, "STANDARD", "directory_marker"],
    ["empty.txt", 0, "STANDARD", "empty"],
    ["big.txt", 50 * 1024 * 1024 + 1, "STANDARD", "too_large"],
    ["cold.txt", 5, "DEEP_ARCHIVE", "archived"],
    ["photo.JPG", 5, "STANDARD", "unsupported_type"],
    ["backup.tar.gz", 5, "STANDARD", "unsupported_type"],
  ])("%s of %i bytes in class %s is skipped as %s", (key, sizeBytes, storageClass, reason) => {
    expect(plan([listed({ key, sizeBytes, storageClass })], [])).toMatchObject([{ kind: "skip", reason }]);
  });

  test.each(["fits.txt", ".png", "notes", "archive.zip/readme.txt", "deep.glacier_ir.txt"])(
    "%s is eligible",
    (key) => {
      const storageClass = key.includes("glacier") ? "GLACIER_IR" : "STANDARD";
      expect(plan([listed({ key, sizeBytes: 50 * 1024 * 1024, storageClass })], [])).toMatchObject([
        { kind: "add" },
      ]);
    },
  );

  test("without an ETag nothing tells that what failed is still the same, so it is read again", () => {
    const known = { ...failed, seenEtag: "" };
    expect(plan([listed({ etag: "" })], [known])).toMatchObject([{ kind: "add" }]);
  });
});
