import { describe, expect, test } from "vitest";
import { GLOB_CHARS_MAX, GLOBS_MAX } from "@/lib/core/limits";
import { compileGlobs } from "./glob";

function isMet(globs: readonly string[], key: string): boolean {
  const compiled = compileGlobs(globs);
  if ("problem" in compiled) throw new Error(compiled.problem);
  return compiled.matchKey(key);
}

function problemOf(globs: readonly string[]): string {
  const compiled = compileGlobs(globs);
  return "problem" in compiled ? compiled.problem : "";
}

describe("a glob", () => {
  test.each([
    ["without a slash, every folder's last part", "*.md", ["a.md", "x/y/a.md", ".md"], ["a.mdx", "a.md/b"]],
    ["that names a file, in every folder", "README", ["README", "a/README"], ["README/a", "AREADME"]],
    [
      "with a slash, the whole key",
      "docs/*.md",
      ["docs/a.md"],
      ["old/docs/a.md", "docs/x/a.md", "docs/a.MD"],
    ],
    ["with a slash in front, keys that begin with one", "/a/*", ["/a/b"], ["a/b"]],
    ["with a slash behind, all below it", "docs/", ["docs/", "docs/a", "docs/a/b"], ["docs", "x/docs/a"]],
    ["** over folders", "docs/**", ["docs/a", "docs/a/b", "docs/"], ["docs", "doc/a"]],
    [
      "** as a folder, any depth and none",
      "a/**/z.txt",
      ["a/z.txt", "a/b/z.txt", "a/b/c/z.txt"],
      ["a/bz.txt"],
    ],
    ["** in front, any depth and none", "**/z.txt", ["z.txt", "a/z.txt", "a/b/z.txt"], ["az.txt"]],
    ["** inside a name, any characters", "a**z/x", ["az/x", "a/b/z/x", "abz/x"], ["a/x"]],
    ["*, but not over a slash", "a*z/x", ["az/x", "abz/x"], ["a/z/x"]],
    [
      "? as one character, an emoji too",
      "a/?.txt",
      ["a/b.txt", "a/🙂.txt"],
      ["a/.txt", "a/bc.txt", "a//.txt"],
    ],
    ["[…] as one of these", "[a-c]x", ["ax", "cx", "q/bx"], ["dx", "x", "Ax"]],
    ["[!…] as none of these and no slash", "a[!b]c/d", ["axc/d"], ["abc/d", "a/c/d"]],
    ["a class with ] and - in it", "[]-]x", ["]x", "-x"], ["ax"]],
    [
      "a class whose range crosses the slash, without it",
      "a[+-9]b/c",
      ["a.b/c", "a0b/c", "a+b/c"],
      ["a/b/c"],
    ],
    ["{…} as one of these", "*.{pdf,do[ct]x}", ["a.pdf", "b/a.docx", "a.dotx"], ["a.doc", "a.pdf,docx"]],
    ["{…} within {…}", "{a,b{c,d}}/x", ["a/x", "bc/x", "bd/x"], ["b/x", "bcd/x"]],
    ["an escaped star and comma", "\\*{a\\,b,c}", ["*a,b", "*c"], ["xc", "*a"]],
    ["what means something to a regex", "a.b+(c)$^|", ["a.b+(c)$^|"], ["axb+(c)$^|", "a.bb(c)"]],
    ["a } and a , outside braces", "a},b", ["a},b"], ["a"]],
    ["keys of odd characters", "*.txt", ["a\nb.txt", "\u0001.txt", "日本.txt", "a//.txt"], ["a.txt\n"]],
  ])("meets %s", (_what, glob, met, missed) => {
    expect([...met, ...missed].filter((key) => isMet([glob], key))).toEqual(met);
  });

  test("of several is enough", () => {
    const globs = ["*.md", "docs/**", "a|b"];
    expect(["x.md", "docs/x", "a|b", "a", "b", "x"].filter((key) => isMet(globs, key))).toEqual([
      "x.md",
      "docs/x",
      "a|b",
    ]);
  });

  test.each([
    ["that is empty", [""], "empty"],
    ["with an open class", ["a[bc"], '"a[bc" has a [ without its ]'],
    ["with an open brace", ["a{b,c"], "has a { without its }"],
    ["with a backslash at its end", ["a\\"], "ends with a backslash"],
    ["with a range that runs backwards", ["[z-a]"], "runs backwards"],
    ["with a class that only a slash would meet", ["a[/]b"], "which no character meets"],
    ["that is too long", ["a".repeat(GLOB_CHARS_MAX + 1)], `at most ${GLOB_CHARS_MAX}`],
    [
      "beyond the number that may be",
      Array.from({ length: GLOBS_MAX + 1 }, () => "a"),
      `at most ${GLOBS_MAX}`,
    ],
  ])("%s is refused in a sentence", (_what, globs, sentence) => {
    expect(problemOf(globs)).toContain(sentence);
  });

  test("takes time that grows with the key, not with the ways to read it", () => {
    const glob = `${"*a".repeat(40)}b`;
    const key = "a".repeat(1_000);
    const startedAt = performance.now();
    for (let time = 0; time < 20; time++) expect(isMet([glob], key)).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });
});
