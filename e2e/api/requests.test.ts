import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rawRequest, sendRaw } from "./support/raw-http";
import { Workbench } from "./support/workbench";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.open();
  await bench.connect(await bench.bucket({ "a.txt": "The plover runs along the tide." }), {
    containerTags: ["requests"],
  });
});
afterAll(() => bench.close());

const post = (body?: BodyInit) => ({ method: "POST", ...(body === undefined ? {} : { body }) });

describe("who may call", () => {
  test("an API key opens the API as a bearer token and as x-api-key, in any case of the word", async () => {
    const { apiKey } = bench.sluice;
    for (const headers of [
      { authorization: `Bearer ${apiKey}` },
      { authorization: `bearer ${apiKey}` },
      { "x-api-key": apiKey },
    ] as Record<string, string>[]) {
      const answer = await bench.fetch("/v3/connections/list", { ...post(), headers });
      expect(answer.status).toBe(200);
      expect(await answer.json()).toHaveLength(1);
    }
  });

  test("no key, a wrong key and another scheme are 401 in JSON, and are not worth a repetition", async () => {
    const { apiKey } = bench.sluice;
    const all: Record<string, string>[] = [
      {},
      { "x-api-key": `${apiKey}x` },
      { authorization: `Bearer ${apiKey.slice(1)}` },
      { authorization: `Basic ${btoa(`me:${apiKey}`)}` },
    ];
    for (const headers of all) {
      const answer = await bench.fetch("/v3/connections/list", { ...post(), headers });
      expect(answer.status).toBe(401);
      expect(answer.headers.get("x-should-retry")).toBe("false");
      expect(await answer.json()).toEqual({ error: "Unauthorized", details: expect.any(String) });
    }
  });

  test("a cookie opens nothing, not even with an API key in it", async () => {
    const { apiKey } = bench.sluice;
    for (const name of ["sluice_session", "__Host-sluice_session", "session", "authorization"]) {
      const headers = { cookie: `${name}=${apiKey}` };
      const answer = await bench.fetch("/v3/documents/list", { ...post("{}"), headers });
      expect(answer.status).toBe(401);
    }
  });

  test("every route of the API asks for the key, also one that leads nowhere", async () => {
    const routes: [method: string, address: string][] = [
      ["POST", "/v3/connections/s3"],
      ["GET", "/v3/connections/x"],
      ["DELETE", "/v3/connections/x"],
      ["POST", "/v3/connections/list"],
      ["POST", "/v3/connections/s3/import"],
      ["POST", "/v3/connections/s3/sync"],
      ["POST", "/v3/connections/s3/documents"],
      ["POST", "/v3/connections/s3/connection"],
      ["GET", "/v3/connections/x/sync-runs"],
      ["GET", "/v3/connections/x/resources"],
      ["POST", "/v3/connections/x/configure"],
      ["POST", "/v3/documents/list"],
      ["GET", "/v3/documents/x"],
      ["POST", "/v3/search"],
      ["POST", "/v4/search"],
      ["GET", "/v3/nowhere"],
    ];
    const answers = await Promise.all(routes.map(([method, address]) => bench.fetch(address, { method })));
    expect(answers.map(({ status }) => status)).toEqual(routes.map(() => 401));
  });

  test("a browser on any page may ask, with every header that the SDK sends, and without cookies", async () => {
    for (const address of ["/v3/connections/s3", "/v3/documents/list", "/v4/search", "/v3/connections/x"]) {
      const answer = await bench.fetch(address, {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example.com",
          "access-control-request-method": "POST",
          "access-control-request-headers": "authorization,content-type,x-stainless-lang",
        },
      });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
      expect(answer.headers.get("access-control-allow-headers")).toMatch(/\*.*authorization/);
      for (const method of ["GET", "POST", "DELETE"]) {
        expect(answer.headers.get("access-control-allow-methods")).toContain(method);
      }
    }
    const asked = await bench.call("/v3/connections/list", post());
    expect(asked.headers.get("access-control-allow-origin")).toBe("*");
  });
});

describe("what may be sent", () => {
  const EMPTY_BODIES = ["connections/list", "connections/s3/documents", "documents/list"];

  test.each(EMPTY_BODIES)("POST /v3/%s takes no body and no content type for {}", async (address) => {
    const answer = await sendRaw(
      bench.sluice.port,
      rawRequest({
        line: `POST /v3/${address}`,
        headers: { Host: "sluice", Authorization: `Bearer ${bench.sluice.apiKey}`, "Content-Length": "0" },
      }),
    );
    expect(answer.statusLine).toBe("HTTP/1.1 200 OK");
    expect(JSON.parse(answer.body)).toBeTruthy();
  });

  test("import without a body asks for all connections", async () => {
    const answer = await bench.call("/v3/connections/s3/import", post());
    expect([answer.status, await answer.text()]).toEqual([202, "Importing connections..."]);
  });

  test("the older name of import answers the same", async () => {
    const answer = await bench.call("/v3/connections/s3/sync", post("{}"));
    expect([answer.status, await answer.text()]).toEqual([202, "Importing connections..."]);
  });

  test("tags may come as one text with commas between", async () => {
    const answer = await bench.call("/v3/connections/list", post('{"containerTags":"requests, nowhere"}'));
    expect(await answer.json()).toEqual([]);
  });

  const WRONG_BODIES: [name: string, body: string][] = [
    ["JSON that breaks off", '{"containerTags": ["a"'],
    ["no JSON at all", "containerTags=a"],
    ["a list", "[]"],
    ["a text", '"s3"'],
    ["null", "null"],
  ];

  test.each(WRONG_BODIES)("%s is a 400 with a sentence", async (_, body) => {
    const answer = await bench.call("/v3/connections/s3", post(body));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({
      error: "Invalid request parameters",
      details: expect.any(String),
    });
  });

  test("a body of more than one mebibyte is refused, and the server goes on", async () => {
    const answer = await bench.call(
      "/v3/documents/list",
      post(JSON.stringify({ padding: "x".repeat(1_100_000) })),
    );
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ details: expect.stringContaining("1048576") });
    expect((await bench.call("/v3/connections/list", post())).status).toBe(200);
  });
});

describe("where nothing is", () => {
  const NOWHERE: [method: string, address: string][] = [
    ["GET", "/v3/nowhere"],
    ["GET", "/v3"],
    ["POST", "/v4/nowhere/at/all"],
    ["PUT", "/v3/some/thing"],
  ];

  test.each(NOWHERE)("%s %s is a 404 in JSON", async (method, address) => {
    const answer = await bench.call(address, { method });
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toMatch(/^application\/json/);
    expect(await answer.json()).toMatchObject({ error: expect.any(String) });
  });
});
