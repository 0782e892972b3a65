import { afterAll, beforeAll, expect, test } from "vitest";
import { type RawAnswer, rawRequest, sendRaw } from "./support/raw-http";
import { until } from "./support/until";
import { Workbench } from "./support/workbench";

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());

/**
 * A request with the bytes of the Python client, which is made by the same generator as the TypeScript one: the headers in its
 * order and case, `container_tags` already turned into `containerTags`, JSON without spaces.
 */
function sendAsPython(line: string, args: { accept?: string; body?: object } = {}): Promise<RawAnswer> {
  const { accept = "application/json", body } = args;
  const headers = {
    Host: `127.0.0.1:${bench.sluice.port}`,
    "Accept-Encoding": "gzip, deflate",
    Accept: accept,
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    "User-Agent": "Supermemory/Python 3.49.0",
    "X-Stainless-Lang": "python",
    "X-Stainless-Package-Version": "3.49.0",
    "X-Stainless-OS": "Linux",
    "X-Stainless-Arch": "x64",
    "X-Stainless-Runtime": "CPython",
    "X-Stainless-Runtime-Version": "3.12.3",
    Authorization: `Bearer ${bench.sluice.apiKey}`,
    "X-Stainless-Async": "false",
    "x-stainless-retry-count": "0",
    "x-stainless-read-timeout": "60.0",
  };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return sendRaw(bench.sluice.port, rawRequest({ line, headers, ...sent }));
}

test("the page's Python client connects, lists, imports and deletes", async () => {
  const bucket = await bench.bucket({ "notes.txt": "The avocet sweeps its bill from side to side." });
  const created = await sendAsPython("POST /v3/connections/s3", {
    body: { containerTags: ["org-123", "s3-sync"], metadata: bench.metadata(bucket) },
  });
  expect(created.statusLine).toBe("HTTP/1.1 200 OK");
  expect(created.headers.get("content-type")).toMatch(/^application\/json/);
  const { id } = JSON.parse(created.body) as { id: string };
  await bench.settled(id);

  const listed = await sendAsPython("POST /v3/connections/list", { body: { containerTags: ["org-123"] } });
  expect(listed.statusLine).toBe("HTTP/1.1 200 OK");
  expect(JSON.parse(listed.body)).toMatchObject([{ id, containerTags: ["org-123", "s3-sync"] }]);

  const imported = await sendAsPython("POST /v3/connections/s3/import", {
    accept: "text/plain",
    body: { containerTags: ["org-123"] },
  });
  expect(imported.statusLine).toBe("HTTP/1.1 202 Accepted");
  expect(imported.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(imported.body).toBe("Importing connections...");
  await until("the import has run", async () => (await bench.runs(id)).length === 2);
  await bench.settled(id);

  const documents = await sendAsPython("POST /v3/connections/s3/documents", { body: {} });
  expect(JSON.parse(documents.body)).toMatchObject([{ status: "done", type: "text" }]);

  const kept = await sendAsPython(`DELETE /v3/connections/${id}?deleteDocuments=true`);
  expect(kept.statusLine).toBe("HTTP/1.1 200 OK");
  expect(JSON.parse(kept.body)).toEqual({ id, provider: "s3" });
});

test("its search is answered, compressed or not", async () => {
  const bucket = await bench.bucket({
    "long.txt": `The dunlin. ${"The flock turns over the mud. ".repeat(200)}`,
  });
  await bench.connect(bucket, { containerTags: ["python-search"] });
  const body = { q: "dunlin", containerTags: ["python-search"], includeFullDocs: true };
  const answer = await sendAsPython("POST /v3/search", { body });
  expect(answer.statusLine).toBe("HTTP/1.1 200 OK");
  expect(JSON.parse(answer.body)).toMatchObject({ total: 1, results: [{ type: "text" }] });
});

test("its refusals carry the status line and the body that its exceptions are made from", async () => {
  const metadata = { ...bench.metadata("sluice-nowhere"), bucket: "sluice-no-such-bucket" };
  const missing = await sendAsPython("POST /v3/connections/s3", { body: { metadata } });
  expect(missing.statusLine).toBe("HTTP/1.1 404 Not Found");
  expect(JSON.parse(missing.body)).toMatchObject({ error: "Bucket not found" });
  const wrong = { ...metadata, secretAccessKey: "not-the-secret" };
  const unauthorized = await sendAsPython("POST /v3/connections/s3", { body: { metadata: wrong } });
  expect(unauthorized.statusLine).toBe("HTTP/1.1 401 Unauthorized");
  expect(JSON.parse(unauthorized.body)).toMatchObject({ error: "Authentication failed" });
  const gone = await sendAsPython("DELETE /v3/connections/0000000000000000000000");
  expect(gone.statusLine).toBe("HTTP/1.1 404 Not Found");
  expect(JSON.parse(gone.body)).toEqual({ error: "Connection not found" });
});
