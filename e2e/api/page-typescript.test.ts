import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { transform } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "./support/until";
import { fixture, Workbench } from "./support/workbench";

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, "../..");
const SNIPPET_MS = 60_000;

let bench: Workbench;
let snippets: Map<string, string>;
let bucket: string;

beforeAll(async () => {
  bench = await Workbench.open();
  snippets = await readSnippets();
  bucket = await bench.bucket({
    "users/user-123/documents/notes.md": "Notes about the lighthouse.",
    "users/user-456/reports/q4.pdf": await fixture("invoice.pdf"),
    "documents/engineering/plan.md": "The plan of the footbridge.",
    "documents/sales/offer.md": "An offer of rope.",
  });
});
afterAll(() => bench.close());

/** The page's snippets by their headings. */
async function readSnippets(): Promise<Map<string, string>> {
  const text = await readFile(path.join(ROOT, "e2e/fixtures/page-snippets.md"), "utf8");
  const found = text.matchAll(/^## (.+)\n\n```typescript\n([\s\S]+?)```/gm);
  return new Map(Array.from(found, ([, heading = "", code = ""]) => [heading, code]));
}

/** Runs a snippet in a process of its own, with the client of the first where it makes none. Gives its connection. */
async function runSnippet(heading: string, env: Record<string, string> = {}): Promise<string> {
  const [client = ""] = (snippets.get("Quick setup") ?? "").split("const connection");
  const own = snippets.get(heading);
  if (own === undefined) throw new Error(`The page has no snippet "${heading}".`);
  const told = own.includes("const connection") ? "\nconsole.log(connection.id);" : "";
  const { code } = await transform((own.includes("new Supermemory") ? own : client + own) + told, {
    loader: "ts",
    format: "esm",
  });
  const { sluice, server } = bench;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], {
    cwd: ROOT,
    timeout: SNIPPET_MS,
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH ?? "",
      SUPERMEMORY_BASE_URL: sluice.url,
      SUPERMEMORY_API_KEY: sluice.apiKey,
      AWS_ACCESS_KEY_ID: server.user.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.user.secretAccessKey,
      S3_ENDPOINT: server.endpoint,
      S3_BUCKET: bucket,
      ...env,
    },
  });
  return stdout.trim();
}

const keysOf = async (tag: string) => [...(await bench.documentsByKey([tag])).keys()].sort();

test("the quick setup connects the bucket, and its manual sync and delete work on it", async () => {
  const id = await runSnippet("Quick setup");
  await bench.settled(id);
  expect(await keysOf("org-123")).toHaveLength(4);
  await runSnippet("Manual sync");
  await until("the manual sync has run", async () => (await bench.runs(id)).length === 2);
  await bench.settled(id);
  await runSnippet("Delete connection", { CONNECTION_ID: id });
  await until("the documents are gone", async () => (await keysOf("org-123")).length === 0);
});

test.each([
  ["S3-compatible services", "minio-sync", "us-east-1"],
  ["Cloudflare R2", "r2-sync", "auto"],
])("the snippet for %s connects the bucket", async (heading, tag, region) => {
  const id = await runSnippet(heading);
  await bench.settled(id);
  expect((await bench.client.connections.getByID(id)).metadata).toMatchObject({ region });
  expect(await keysOf(tag)).toHaveLength(4);
});

test("with the page's prefix only files under that path are synced", async () => {
  await bench.settled(await runSnippet("Prefix filtering"));
  expect(await keysOf("engineering-docs")).toEqual(["documents/engineering/plan.md"]);
});

test("with the page's regex each file has the tag that the page's comment says, and no other", async () => {
  await bench.settled(await runSnippet("Dynamic container tags"));
  expect(await keysOf("user-123")).toEqual(["users/user-123/documents/notes.md"]);
  expect(await keysOf("user-456")).toEqual(["users/user-456/reports/q4.pdf"]);
  expect(await keysOf("user-files")).toEqual(["documents/engineering/plan.md", "documents/sales/offer.md"]);
});
