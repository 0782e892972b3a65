import { describe, expect, test } from "vitest";
import { compileContainerTagRegex } from "@/lib/rules/container-tag";
import { keysOf, PREVIEW_KEYS_MAX, tagOfKey } from "./tag-of-key";

const compiled = compileContainerTagRegex("users/(?<userId>[^/]+)/");
const of = (
  key: string,
  fallback: "connection_tags" | "skip" = "connection_tags",
  connectionTags = ["org-1"],
) => tagOfKey({ key, compiled, connectionTags, fallback });

describe("what becomes of a pasted key", () => {
  test.each([
    ["its captured tag replaces the connection's", of("users/u-1/a.md"), "tag", ["u-1"]],
    ["without a match it gets the connection's", of("teams/a.md"), "connection_tags", ["org-1"]],
    ["without a match it is skipped, where that is chosen", of("teams/a.md", "skip"), "skipped", []],
    ["without a match and without tags it has none", of("teams/a.md", "connection_tags", []), "untagged", []],
    ["an illegal capture is never given the shared tag", of("users/a@b.c/a.md"), "invalid", []],
  ])("%s", (_rule, outcome, kind, tags) => {
    expect(outcome).toMatchObject({ kind, tags });
  });

  test("marks the captured stretch, also of an illegal one", () => {
    expect(of("users/u-1/a.md").marked).toEqual({ start: 6, end: 9 });
    expect(of("users/a@b.c/a.md").marked).toEqual({ start: 6, end: 11 });
  });

  test("without a regex, or with one that does not compile, every key gets the connection's tags", () => {
    const args = { key: "users/u-1/a.md", connectionTags: ["org-1"], fallback: "skip" as const };
    expect(tagOfKey({ ...args, compiled: null }).tags).toEqual(["org-1"]);
    expect(tagOfKey({ ...args, compiled: compileContainerTagRegex("(") }).tags).toEqual(["org-1"]);
  });

  test("takes one key a line, spaces and all, and at most 50", () => {
    expect(keysOf("a b.md\r\n\n c.md\n")).toEqual(["a b.md", " c.md"]);
    expect(keysOf("x\n".repeat(80))).toHaveLength(PREVIEW_KEYS_MAX);
  });
});
