import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApiKey } from "@/lib/api-keys/create-api-key";
import { revokeApiKey } from "@/lib/api-keys/revoke-api-key";
import { temporaryAdministrator } from "@/lib/auth/testing/temporary-administrator";
import type { Actor } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import { REQUEST_BODY_BYTES_MAX } from "@/lib/core/limits";
import { apiDoor, preflight } from "./api-door";
import type { Installation } from "./installation";
import { readJsonBody } from "./read-json-body";
import { temporaryInstallation } from "./testing/temporary-installation";

const NOW = 1_000_000_000;
const START: Actor = { kind: "system", name: "start" };

let installation: Installation;
let remove: () => Promise<void>;
let key: string;
let keyId: string;

beforeEach(async () => {
  ({ installation, remove } = temporaryInstallation());
  const made = await installation.database.transaction((tx) =>
    createApiKey({ actor: START, tx, input: { name: "a script", tags: ["tenant_1"] }, now: NOW }),
  );
  key = made.key;
  keyId = made.view.id;
});
afterEach(() => remove());

const whoAmI = apiDoor<{ id: string }>(async ({ actor, params }) => Response.json({ actor, params }));
const context = { params: Promise.resolve({ id: "7" }) };
const call = (headers: Record<string, string>, route = whoAmI) =>
  route(new Request("http://sluice.test/v3/connections/7", { headers }), context);

describe("the API's door", () => {
  test.each(["Bearer", "bearer", "BEARER"])(
    "a key behind %s opens it, as the key's actor",
    async (scheme) => {
      const response = await call({ authorization: `${scheme} ${key}` });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({
        actor: { kind: "api_key", keyId, name: "a script", tags: ["tenant_1"] },
        params: { id: "7" },
      });
    },
  );

  test("a key in x-api-key opens it", async () => {
    expect((await call({ "x-api-key": key })).status).toBe(200);
  });

  test("nothing, a wrong key and another scheme are refused in one shape", async () => {
    for (const headers of [
      {},
      { authorization: "Bearer wrong" },
      { authorization: `Basic ${key}` },
      { authorization: key },
      { authorization: `Bearer ${key} ${key}` },
    ]) {
      const response = await call(headers as Record<string, string>);
      expect(response.status).toBe(401);
      expect(response.headers.get("x-should-retry")).toBe("false");
      expect(await response.json()).toEqual({ error: "Unauthorized", details: expect.any(String) });
    }
  });

  test("a revoked key is refused from the next request on", async () => {
    expect((await call({ "x-api-key": key })).status).toBe(200);
    await installation.database.transaction((tx) =>
      revokeApiKey({ actor: START, tx, input: { id: keyId }, now: NOW }),
    );
    expect((await call({ "x-api-key": key })).status).toBe(401);
  });

  test("the cookie of a signed-in browser opens nothing", async () => {
    const { token } = await temporaryAdministrator(installation.database, Date.now());
    expect((await call({ cookie: `sluice_session=${token}` })).status).toBe(401);
  });

  test("every answer lets every origin read it, and none lets cookies in", async () => {
    const broken = apiDoor<{ id: string }>(async () => {
      throw new Error("a secret of the inside");
    });
    const answers = [
      await call({ "x-api-key": key }),
      await call({}),
      await call({ "x-api-key": key }, broken),
      preflight(),
    ];
    expect(answers.map((answer) => answer.status)).toEqual([200, 401, 500, 204]);
    for (const answer of answers) {
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.has("access-control-allow-credentials")).toBe(false);
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(await answer.text()).not.toContain("a secret of the inside");
    }
    expect(preflight().headers.get("access-control-allow-headers")).toBe("*, authorization");
  });

  test("what the work refuses keeps its status", async () => {
    const missing = apiDoor<{ id: string }>(async () => {
      throw notFound("Connection");
    });
    const response = await call({ "x-api-key": key }, missing);
    expect([response.status, await response.json()]).toEqual([404, { error: "Connection not found" }]);
  });

  test("notes that the key was used", async () => {
    await call({ "x-api-key": key });
    const row = await installation.database.reading((tx) => tx.prisma.apiKey.findFirst());
    expect(row?.lastUsedAt).not.toBeNull();
  });
});

describe("a JSON body", () => {
  const read = (body: BodyInit | null) =>
    readJsonBody(new Request("http://sluice.test", { method: "POST", body }));

  test("is read; none is an empty object", async () => {
    expect(await read('{"a":1}')).toEqual({ a: 1 });
    expect(await read("")).toEqual({});
    expect(await read(null)).toEqual({});
  });

  test("that is no JSON is refused without being quoted", async () => {
    const thrown = await read('{"secretAccessKey": "hunter2').catch((error) => error);
    expect(thrown).toMatchObject({ code: "invalid_input", details: "body: is not valid JSON" });
    expect(JSON.stringify(thrown)).not.toContain("hunter2");
  });

  test("that is too long is refused, however it is sent", async () => {
    await expect(read(`"${"x".repeat(REQUEST_BODY_BYTES_MAX)}"`)).rejects.toMatchObject({
      code: "invalid_input",
    });
    expect(await read(`"${"x".repeat(REQUEST_BODY_BYTES_MAX - 2)}"`)).toHaveLength(
      REQUEST_BODY_BYTES_MAX - 2,
    );
  });
});
