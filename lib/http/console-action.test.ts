import { redirect } from "next/navigation";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { EMAIL, temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import { invalidInput, notFound } from "@/lib/core/errors";
import { consoleAction, entryAction } from "./console-action";
import { temporaryInstallation } from "./testing/temporary-installation";

const sent = vi.hoisted(() => ({ headers: new Headers() }));
vi.mock("next/headers", () => ({ headers: async () => sent.headers, cookies: async () => new Map() }));

const OWN = "http://sluice.test";
let remove: () => Promise<void>;
let cookie: string;

beforeEach(async () => {
  const opened = temporaryInstallation();
  remove = opened.remove;
  const { token } = await temporaryAdministrator(opened.installation.database, Date.now());
  cookie = `sluice_session=${token}`;
  sent.headers = new Headers({ cookie, origin: OWN });
});
afterEach(() => remove());

const schema = z.object({ name: z.string().min(1, "is required") });
const greet = consoleAction(schema, async ({ actor, input }) => `${input.name} from ${actor.email}`);

describe("an action of the console", () => {
  test("answers what the work returns", async () => {
    expect(await greet({ name: "hello" })).toEqual({ ok: true, value: `hello from ${EMAIL}` });
  });

  test("without a session it is refused as a value, not by throwing", async () => {
    sent.headers = new Headers({ origin: OWN });
    expect(await greet({ name: "hello" })).toMatchObject({ ok: false, code: "unauthorized" });
  });

  test.each(["https://evil.example", null])("from a page of %s it is refused", async (origin) => {
    sent.headers = new Headers(origin === null ? { cookie } : { cookie, origin });
    expect(await greet({ name: "hello" })).toMatchObject({ ok: false, code: "forbidden" });
  });

  test("a wrong field is named, with the sentence to show under it", async () => {
    expect(await greet({ name: "" })).toEqual({
      ok: false,
      code: "invalid_input",
      error: "Invalid request parameters",
      details: "is required",
      field: "name",
    });
    const deep = consoleAction(schema, async () => {
      throw invalidInput("metadata.bucket", "is wrong: see above");
    });
    expect(await deep({ name: "a" })).toMatchObject({
      field: "metadata.bucket",
      details: "is wrong: see above",
    });
  });

  test("other refusals keep their words and name no field", async () => {
    const missing = consoleAction(schema, async () => {
      throw notFound("Connection");
    });
    expect(await missing({ name: "a" })).toEqual({
      ok: false,
      code: "not_found",
      error: "Connection not found",
      details: null,
      field: null,
    });
  });

  test("what breaks inside is not told to the browser", async () => {
    const broken = consoleAction(schema, async () => {
      throw new Error("a secret of the inside");
    });
    const result = await broken({ name: "a" });
    expect(result).toMatchObject({ ok: false, code: "internal" });
    expect(JSON.stringify(result)).not.toContain("a secret of the inside");
  });
});

describe("a redirect", () => {
  test("inside an action reaches Next.js", async () => {
    const leave = consoleAction(schema, async () => redirect("/connections"));
    await expect(leave({ name: "a" })).rejects.toThrow("NEXT_REDIRECT");
  });
});

describe("an action of the entry pages", () => {
  const enter = entryAction(schema, async ({ input, userAgent }) => [input.name, userAgent]);

  test("asks for no session, but for the page's own origin", async () => {
    sent.headers = new Headers({ origin: OWN, "user-agent": "a browser" });
    expect(await enter({ name: "a" })).toEqual({ ok: true, value: ["a", "a browser"] });
    sent.headers = new Headers({ origin: "https://evil.example" });
    expect(await enter({ name: "a" })).toMatchObject({ ok: false, code: "forbidden" });
  });
});
