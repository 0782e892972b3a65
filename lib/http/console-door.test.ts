import { afterEach, describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { EMAIL, temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import { SESSION_MS } from "@/lib/core/limits";
import { consoleDoor } from "./console-door";
import { cookieOptions, sessionCookieName, sessionTokenOf } from "./session-cookie";
import { temporaryInstallation } from "./testing/temporary-installation";

let remove: () => Promise<void>;
afterEach(() => remove());

const whoAmI = consoleDoor(async ({ actor, sessionId }) => Response.json({ actor, sessionId }));

/** A signed-in browser at `url`. */
async function browser(url = "http://sluice.test", signedInAt = Date.now()) {
  const opened = temporaryInstallation();
  remove = opened.remove;
  opened.installation.env.url = url;
  const { token } = await temporaryAdministrator(opened.installation.database, signedInAt);
  const cookie = `theme=dark; ${sessionCookieName(url)}=${token}`;
  const send = (method: string, headers: Record<string, string> = {}) =>
    whoAmI(new Request(`${url}/api/console/who`, { method, headers }), { params: Promise.resolve({}) });
  return { installation: opened.installation, token, cookie, send };
}

describe("the console's door", () => {
  test("a session's cookie opens it, and the answer is kept nowhere", async () => {
    const { cookie, send } = await browser();
    const response = await send("GET", { cookie });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ actor: { kind: "person", email: EMAIL } });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });

  test("without a session, with a wrong one or one that has expired it stays shut", async () => {
    const { cookie, send } = await browser("http://sluice.test", Date.now() - SESSION_MS - 1);
    for (const headers of [
      {},
      { cookie: "sluice_session=wrong" },
      { cookie: "sluice_session=" },
      { cookie },
    ]) {
      const response = await send("GET", headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(response.headers.has("access-control-allow-origin")).toBe(false);
    }
  });

  test("an API key does not open it", async () => {
    const { installation, send } = await browser();
    const { key } = await installation.database.transaction((tx) =>
      createApiKey({
        actor: { kind: "system", name: "start" },
        tx,
        input: { name: "a script", tags: null },
        now: 1,
      }),
    );
    expect((await send("GET", { authorization: `Bearer ${key}`, "x-api-key": key })).status).toBe(401);
  });

  test.each([
    ["http://sluice.test", 200],
    ["https://sluice.test", 403],
    ["http://sluice.test:8080", 403],
    ["http://evil.sluice.test", 403],
    ["null", 403],
    [null, 403],
  ])("a change that comes from %s is answered %i", async (origin, status) => {
    const { cookie, send } = await browser();
    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      const response = await send(method, origin === null ? { cookie } : { cookie, origin });
      expect(response.status).toBe(status);
    }
  });

  test("reading asks for no origin", async () => {
    const { cookie, send } = await browser();
    expect((await send("GET", { cookie, origin: "https://evil.example" })).status).toBe(200);
  });

  test.each([
    ["http://localhost:3000", 200],
    ["http://[::1]:3000", 200],
    ["http://127.0.0.1:3001", 403],
    ["https://localhost:3000", 403],
    ["http://localhost.evil.example:3000", 403],
  ])("on this machine, a change that comes from %s is answered %i", async (origin, status) => {
    const { cookie, send } = await browser("http://127.0.0.1:3000");
    expect((await send("POST", { cookie, origin })).status).toBe(status);
  });
});

describe("the session's cookie", () => {
  test("is bound to its host and to https where the console is served so", async () => {
    const { cookie, send } = await browser("https://sluice.test");
    expect(cookie).toContain("__Host-sluice=");
    expect((await send("GET", { cookie })).status).toBe(200);
    expect((await send("GET", { cookie: cookie.replace("__Host-sluice", "sluice_session") })).status).toBe(
      401,
    );
    expect(cookieOptions("https://sluice.test")).toEqual({
      httpOnly: true,
      secure: true,
      sameSite: "lax",
      path: "/",
    });
    expect(cookieOptions("http://sluice.test").secure).toBe(false);
  });

  test("is found among others, and only by its whole name", async () => {
    await browser();
    const read = (cookie: string) => sessionTokenOf(new Headers({ cookie }), "http://sluice.test");
    expect(read("a=1; sluice_session=t; b=2")).toBe("t");
    expect(read("not_sluice_session=t")).toBeNull();
  });
});
