import { describe, expect, test } from "vitest";
import { compileContainerTagRegex, type TagMatch } from "./container-tag";

function match(source: string, key: string): TagMatch {
  const compiled = compileContainerTagRegex(source);
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled.rule.matchKey(key);
}

const USERS = "users/(?<userId>[^/]+)/";

describe("a container tag regex", () => {
  test.each([
    ["the page's first example", USERS, "users/user-123/documents/notes.md", "user-123"],
    ["the page's second example", USERS, "users/user-456/reports/q4.pdf", "user-456"],
    ["is searched anywhere in the key", USERS, "archive/users/a/b.txt", "a"],
    ["takes the first match", USERS, "users/a/users/b/c.txt", "a"],
    ["knows Python's way of naming a group", "t-(?P<userId>\\d+)", "x/t-42/y", "42"],
    ["accepts a colon in the tag", "(?<userId>org:[a-z]+)/", "org:acme/a.txt", "org:acme"],
  ])("%s", (_rule, source, key, tag) => {
    expect(match(source, key)).toMatchObject({ outcome: "tag", tag });
  });

  test("a key that does not match is told apart from one whose capture is no legal tag", () => {
    expect(match(USERS, "teams/a/b.txt")).toEqual({ outcome: "no_match" });
    expect(match(USERS, "users/john@acme.com/b.txt")).toMatchObject({
      outcome: "invalid",
      captured: "john@acme.com",
    });
    expect(match("users/(?<userId>x?)", "users/b.txt")).toMatchObject({ outcome: "invalid", captured: "" });
    expect(match("users/(?:(?<userId>x)|y)", "users/y")).toMatchObject({ outcome: "invalid", captured: "" });
    expect(match("(?<userId>.+)/", `${"a".repeat(101)}/b`)).toMatchObject({ outcome: "invalid" });
  });

  test("says where the capture stands, so that it can be marked", () => {
    expect(match(USERS, "users/ab/c.txt")).toEqual({ outcome: "tag", tag: "ab", start: 6, end: 8 });
  });

  test.each([
    ["without the group", "users/([^/]+)/", "named group"],
    ["with the group's name in a character class only", "[(?<userId>)]", "named group"],
    ["with a look-ahead", "(?=x)(?<userId>y)", "RE2 syntax"],
    ["with a back-reference", "(?<userId>a)\\1", "RE2 syntax"],
    ["that does not close", "(?<userId>", "does not compile"],
    ["of 200 characters", `(?<userId>x)${"y".repeat(188)}`, "less than 200"],
  ])("is refused %s", (_rule, source, sentence) => {
    const compiled = compileContainerTagRegex(source);
    expect("problem" in compiled ? compiled.problem : "accepted").toContain(sentence);
  });

  test("of 199 characters is accepted", () => {
    expect(compileContainerTagRegex(`(?<userId>x)${"y".repeat(187)}`)).toHaveProperty("rule");
  });

  test("runs in linear time on a key that would keep a backtracking engine busy for ever", () => {
    expect(match("(?<userId>(a+)+)$", `${"a".repeat(1000)}!`)).toEqual({ outcome: "no_match" });
  });
});
