import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { connectionSnippet, LANGUAGES, searchSnippet } from "./snippets";

const call = { origin: "http://localhost:3000", connectionId: "abc", tags: ["org-1"] };

describe("code to take away", () => {
  test("names this origin and this connection in every language", () => {
    for (const language of LANGUAGES) {
      const code = connectionSnippet(language, call);
      expect(code).toContain("http://localhost:3000");
      expect(code).toContain("abc");
      expect(code).toContain("org-1");
    }
  });

  test("leaves the tag filter out where the connection has no tags, which would mean no filter anyway", () => {
    expect(connectionSnippet("typescript", { ...call, tags: [] })).not.toContain("containerTags");
    expect(connectionSnippet("python", { ...call, tags: [] })).not.toContain("container_tags");
  });

  test("gives a shell the very question, quotes and all", () => {
    const q = `it's "quoted" $HOME \`id\``;
    const code = searchSnippet("curl", { origin: call.origin, q, tag: null });
    const printed = execFileSync("sh", ["-c", code.replace(/^curl/, 'printf "%s\\n"')], { encoding: "utf8" });
    expect(JSON.parse(printed.trim().split("\n").at(-1) ?? "")).toEqual({ q });
  });
});
