import { createHash } from "node:crypto";
import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer } from "./answers.mjs";
import { Catalogue } from "./catalogue.mjs";
import { createHttpServer } from "./http.mjs";

const COUNT = 2_345;
const catalogue = new Catalogue({ count: COUNT, form: "small" });
const counts = { list: 0, get: 0, head: 0 };
const server = createHttpServer((request: object) => answer(catalogue, counts, request));
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text = ""]) => text);
const every = () => Array.from({ length: COUNT }, (_, number) => catalogue.keys.keyOf(number));

async function list(query: Record<string, string>): Promise<string> {
  const answered = await fetch(`${origin}/bench?${new URLSearchParams({ "list-type": "2", ...query })}`);
  expect(answered.status).toBe(200);
  return answered.text();
}

async function walk(query: Record<string, string>, next: (xml: string) => Record<string, string>) {
  const keys: string[] = [];
  let more: Record<string, string> = {};
  for (let page = 0; page < 100; page++) {
    const xml = await list({ ...query, ...more });
    keys.push(...all(xml, "Key"));
    if (all(xml, "IsTruncated")[0] === "false") return keys;
    more = next(xml);
  }
  throw new Error("The listing did not end.");
}

const byToken = (xml: string) => ({ "continuation-token": all(xml, "NextContinuationToken")[0] ?? "" });
const byKey = (xml: string) => ({ "start-after": all(xml, "Key").at(-1) ?? "" });

test.each([
  ["tokens", {}, byToken],
  ["the last key", {}, byKey],
  ["tokens, in odd pages", { "max-keys": "37" }, byToken],
  ["encoded keys", { "encoding-type": "url" }, byKey],
] as const)("a walk by %s gives every key once and in order", async (_, query, next) => {
  expect(await walk(query, next)).toEqual(every());
});

test("a prefix gives what begins with it, a delimiter the names below", async () => {
  const xml = await list({ prefix: "legal/", delimiter: "/" });
  const years = new Set(every().flatMap((key) => /^legal\/\d+\//.exec(key) ?? []));
  expect(all(xml, "Prefix").slice(1)).toEqual([...years]);
  expect(all(xml, "KeyCount")).toEqual([String(years.size)]);
  expect(await walk({ prefix: "legal/" }, byToken)).toEqual(
    every().filter((key) => key.startsWith("legal/")),
  );
});

test("a prefix that nothing has gives an empty page", async () => {
  const xml = await list({ prefix: "legal-matters/" });
  expect([all(xml, "KeyCount"), all(xml, "IsTruncated"), all(xml, "Key")]).toEqual([["0"], ["false"], []]);
});

test("a token that is none of ours is refused", async () => {
  const answered = await fetch(`${origin}/bench?list-type=2&continuation-token=bm9uZQ`);
  expect([answered.status, all(await answered.text(), "Code")]).toEqual([400, ["InvalidArgument"]]);
});

test("an object is what the page says of it", async () => {
  const xml = await list({ "max-keys": "1", "start-after": "legal/" });
  const key = all(xml, "Key")[0];
  const answered = await fetch(`${origin}/bench/${key}`);
  const bytes = Buffer.from(await answered.arrayBuffer());
  const md5 = createHash("md5").update(bytes).digest("hex");
  expect(all(xml, "ETag")).toEqual([`&quot;${md5}&quot;`]);
  expect(all(xml, "Size")).toEqual([String(bytes.length)]);
  expect(answered.headers.get("etag")).toBe(`"${md5}"`);
  const modified = new Date(answered.headers.get("last-modified") ?? "").toISOString();
  expect(all(xml, "LastModified")).toEqual([modified]);
});

test("HEAD tells the length and sends no body", async () => {
  const path = `/bench/${catalogue.keys.keyOf(5)}`;
  const answered = await fetch(`${origin}${path}`, { method: "HEAD" });
  expect(answered.headers.get("content-length")).toBe(String(catalogue.bytesOf(5).length));
  expect(await answered.text()).toBe("");
});

test.each([
  ["another bucket", "/other/key.txt", {}, 404, "NoSuchBucket"],
  ["a key that is not there", "/bench/none.txt", {}, 404, "NoSuchKey"],
  ["another version", `/bench/${catalogue.keys.keyOf(0)}`, { "if-match": '"0"' }, 412, "PreconditionFailed"],
  ["the older listing", "/bench?prefix=", {}, 501, "NotImplemented"],
])("%s is refused", async (_, path, headers, status, code) => {
  const answered = await fetch(`${origin}${path}`, { headers });
  expect([answered.status, all(await answered.text(), "Code")]).toEqual([status, [code]]);
});

test("the version that is there meets its condition", async () => {
  const headers = { "if-match": catalogue.etagOf(0) };
  expect((await fetch(`${origin}/bench/${catalogue.keys.keyOf(0)}`, { headers })).status).toBe(200);
});

test("a generation changes its share of the objects and takes the change back", () => {
  const own = new Catalogue({ count: 2_000, form: "small" });
  const pageBefore = Buffer.from(own.entriesOf(0, 2_000));
  own.change({ generation: 1, share: 0.1 });
  const changed = Array.from({ length: 2_000 }, (_, number) => number).filter((number) => {
    const md5 = createHash("md5").update(own.bytesOf(number)).digest("hex");
    expect(own.etagOf(number)).toBe(`"${md5}"`);
    return !pageBefore.includes(md5);
  });
  expect(changed.length).toBeGreaterThan(150);
  expect(changed.length).toBeLessThan(250);
  own.change({ generation: 0, share: 0 });
  expect(own.entriesOf(0, 2_000).equals(pageBefore)).toBe(true);
});

test("requests that arrive together, or in pieces, are each answered", async () => {
  const request = `GET /bench/${catalogue.keys.keyOf(1)} HTTP/1.1\r\nhost: x\r\n`;
  const socket = net.connect(Number(new URL(origin).port), "127.0.0.1");
  let got = "";
  socket.on("data", (piece) => {
    got += piece.toString("latin1");
  });
  socket.write(`${request}\r\n${request}\r\n${request.slice(0, 20)}`);
  await new Promise((resolve) => setTimeout(resolve, 50));
  socket.write(`${request.slice(20)}connection: close\r\n\r\n`);
  await new Promise((resolve) => socket.once("end", resolve));
  expect(got.split(catalogue.bytesOf(1).toString("latin1"))).toHaveLength(4);
});

test("a page takes as long as it is told to, and an object does not", async () => {
  const far = new Catalogue({ count: 10, form: "small", pageDelayMs: 150 });
  const distant = createHttpServer((request: object) => answer(far, counts, request));
  await new Promise<void>((resolve) => void distant.listen(0, "127.0.0.1", resolve));
  const at = `http://127.0.0.1:${(distant.address() as AddressInfo).port}`;
  try {
    const startedAt = performance.now();
    const page = await fetch(`${at}/bench?list-type=2`);
    expect(all(await page.text(), "Key")).toHaveLength(10);
    // Timers may be a millisecond early.
    expect(performance.now() - startedAt).toBeGreaterThan(148);
    const object = answer(far, counts, {
      method: "HEAD",
      target: `/bench/${far.keys.keyOf(0)}`,
      headers: new Map(),
    });
    expect(object).not.toHaveProperty("delayMs");
  } finally {
    distant.close();
  }
});
