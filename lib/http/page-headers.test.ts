import { NextRequest } from "next/server";
import { describe, expect, test } from "vitest";
import { config, proxy } from "@/proxy";
import { contentSecurityPolicy } from "./page-headers";

const nonceOf = (policy: string | null) => /'nonce-([^']+)'/.exec(policy ?? "")?.[1];

describe("the headers of a page", () => {
  test("no script runs without the nonce of this very page", () => {
    const ask = () => proxy(new NextRequest("http://sluice.test/connections?tag=a")).headers;
    const [first, second] = [ask(), ask()].map((headers) => headers.get("content-security-policy"));
    expect(nonceOf(first ?? null)).toMatch(/^[\w+/]{22}==$/);
    expect(nonceOf(first ?? null)).not.toBe(nonceOf(second ?? null));
    const scripts = first?.split("; ").find((directive) => directive.startsWith("script-src")) ?? "";
    expect(scripts).toContain("'strict-dynamic'");
    expect(scripts).not.toContain("unsafe");
    expect(first).toContain("frame-ancestors 'none'");
  });

  test("eval is allowed while developing only", () => {
    expect(contentSecurityPolicy({ nonce: "n", isDevelopment: true })).toContain("'unsafe-eval'");
    expect(contentSecurityPolicy({ nonce: "n", isDevelopment: false })).not.toContain("'unsafe-eval'");
  });

  test("says nothing of itself to other sites and guesses no types", () => {
    const { headers } = proxy(new NextRequest("http://sluice.test/"));
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("permissions-policy")).toContain("camera=()");
  });

  test("hands the page its nonce and its own path, whatever the sender wrote there", () => {
    const request = new NextRequest("http://sluice.test/connections?tag=a", {
      headers: { "x-sluice-path": "https://evil.example", "x-nonce": "guessed" },
    });
    const { headers } = proxy(request);
    expect(headers.get("x-middleware-request-x-sluice-path")).toBe("/connections?tag=a");
    expect(headers.get("x-middleware-request-x-nonce")).toBe(nonceOf(headers.get("content-security-policy")));
  });

  test.each([
    ["/", true],
    ["/connections/new", true],
    ["/v3/connections", false],
    ["/v4/search", false],
    ["/api/console/tree", false],
    ["/_next/static/chunk.js", false],
    ["/v30", true],
  ])("the proxy looks at %s: %s", (path, isLookedAt) => {
    expect(new RegExp(`^${config.matcher[0]}$`).test(path)).toBe(isLookedAt);
  });
});
