import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/programs.mjs";
import { removeBucket } from "../support/s3-client.mjs";
import { consoleCookie } from "./support/console-cookie";
import { findSpelling } from "./support/spellings";
import { refusalOf, Workbench } from "./support/workbench";

const ADMIN = { SLUICE_ADMIN_EMAIL: "ada@example.com", SLUICE_ADMIN_PASSWORD: "nine quiet rivers meet" };
/** Made up, and sent where it is refused: with signs that are written differently in addresses, JSON and HTML. */
const REFUSED_SECRET = "Zq7/pLanted+Secret&Key=4xW9/vT2+u";
const REFUSED_KEY_ID = "AKIAPLANTEDKEYID7Q2Z";

let bench: Workbench;
let secrets: string[];
const answers: string[] = [];
const ids: string[] = [];

/** Asks, and keeps whatever is answered, headers too. */
async function asked(address: string, init: RequestInit = {}): Promise<string> {
  const answer = await bench.call(address, init);
  const text = await answer.text();
  answers.push(`${[...answer.headers].join("\n")}\n${text}`);
  return text;
}

const post = (body: object) => ({ method: "POST", body: JSON.stringify(body) });

beforeAll(async () => {
  bench = await Workbench.open({ env: { ...ADMIN, SLUICE_LOG_LEVEL: "trace" } });
  const { user, other } = bench.server;
  secrets = [user.accessKeyId, user.secretAccessKey, other.accessKeyId, other.secretAccessKey];
  secrets.push(REFUSED_KEY_ID, REFUSED_SECRET, ADMIN.SLUICE_ADMIN_PASSWORD);
  await useEverything();
});
afterAll(() => bench.close());

/** Connections that work, that are refused in every way, and whose runs fail. */
async function useEverything(): Promise<void> {
  const bucket = await bench.bucket({ "a.txt": "The ouzel walks under water." });
  const good = bench.metadata(bucket);
  const bad = { ...good, accessKeyId: REFUSED_KEY_ID, secretAccessKey: REFUSED_SECRET };
  const sent: object[] = [
    { metadata: good, containerTags: ["secrets"] },
    { metadata: bad },
    { metadata: { ...good, secretAccessKey: REFUSED_SECRET } },
    { metadata: { ...good, ...bench.server.other } },
    { metadata: { ...bad, bucket: "sluice-no-such-bucket" } },
    { metadata: { ...bad, endpoint: `http://127.0.0.1:${await freePort()}` } },
    { metadata: { ...bad, region: "" } },
    { metadata: { ...bad, containerTagRegex: "(" } },
    { ...bad, documentLimit: 0 },
    {
      metadata: {
        ...bad,
        endpoint: `http://${REFUSED_KEY_ID}:${encodeURIComponent(REFUSED_SECRET)}@127.0.0.1`,
      },
    },
  ];
  for (const body of sent) await asked("/v3/connections/s3", post(body));
  await asked("/v3/connections/s3", { method: "POST", body: JSON.stringify({ metadata: bad }).slice(0, -3) });

  const doomed = await bench.bucket({ "b.txt": "It will be gone." });
  const { id } = await bench.connect(doomed, { containerTags: ["doomed"] });
  await removeBucket(bench.s3, doomed);
  const failed = await bench.importOnce(id, "doomed");
  expect(failed).toMatchObject({ status: "failed", errorCode: "provider_unavailable" });
  expect(failed.error).toMatch(/^404 Bucket not found/);
  const listed = JSON.parse(await asked("/v3/connections/list", post({}))) as { id: string }[];
  ids.push(...listed.map((one) => one.id));
  expect(ids).toHaveLength(2);
}

test("no answer of the API holds a credential, whether it was accepted or refused", async () => {
  for (const id of ids) {
    await asked(`/v3/connections/${id}`);
    await asked(`/v3/connections/${id}/sync-runs`);
  }
  await asked("/v3/connections/s3/documents", post({}));
  await asked("/v3/documents/list", post({ includeContent: true }));
  await asked("/v3/search", post({ q: "ouzel", includeFullDocs: true }));
  await asked("/v4/search", post({ q: "ouzel" }));
  expect(answers.length).toBeGreaterThan(15);
  for (const answer of answers) expect(findSpelling(Buffer.from(answer), secrets)).toBeNull();
});

test("no page of the console and none of its own answers holds a credential", async () => {
  const { SLUICE_ADMIN_EMAIL: email, SLUICE_ADMIN_PASSWORD: password } = ADMIN;
  const cookie = await consoleCookie(bench.sluice.url, email, password);
  const runId = (await bench.runs(ids[0] ?? ""))[0]?.id;
  const addresses = [
    "/",
    "/connections",
    "/connections/new",
    "/documents",
    "/search?q=ouzel",
    "/api-keys",
    "/settings",
    "/api/console/connections",
    "/api/console/documents",
    `/runs/${runId}`,
    `/api/console/runs/${runId}`,
    ...ids.flatMap((id) => [
      `/connections/${id}`,
      `/connections/${id}?tab=settings`,
      `/connections/${id}?tab=code`,
      `/api/console/connections/${id}`,
      `/api/console/connections/${id}/runs`,
    ]),
  ];
  for (const address of addresses) {
    const answer = await bench.fetch(address, { headers: { cookie } });
    expect(answer.status, address).toBe(200);
    expect(findSpelling(Buffer.from(await answer.arrayBuffer()), secrets), address).toBeNull();
  }
});

test("no line of the log holds a credential, not even at its most talkative", () => {
  const output = bench.sluice.output();
  expect(output).toContain('"level":');
  expect(findSpelling(Buffer.from(output), secrets)).toBeNull();
});

describe("on the disk", () => {
  test("no file of the data folder holds a credential in any spelling, nor the API key", async () => {
    const names = await readdir(bench.sluice.dataDir, { recursive: true, withFileTypes: true });
    const files = names.filter((one) => one.isFile()).map((one) => path.join(one.parentPath, one.name));
    expect(files.some((file) => file.endsWith("sluice.db"))).toBe(true);
    for (const file of files) {
      const found = findSpelling(await readFile(file), [...secrets, bench.sluice.apiKey]);
      expect(found, path.basename(file)).toBeNull();
    }
  });

  test("after a connection is removed its run history still holds none", async () => {
    for (const id of ids) await bench.client.connections.deleteByID(id);
    await refusalOf(bench.client.connections.getByID(ids[0] ?? ""));
    const database = await readFile(path.join(bench.sluice.dataDir, "sluice.db"));
    expect(findSpelling(database, secrets)).toBeNull();
  });
});
