import Supermemory, {
  AuthenticationError,
  BadRequestError,
  NotFoundError,
  PermissionDeniedError,
} from "supermemory";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/programs.mjs";
import { refusalOf, Workbench } from "./support/workbench";

let bench: Workbench;
let bucket: string;

beforeAll(async () => {
  bench = await Workbench.open();
  bucket = await bench.bucket({ "wren.txt": "The wren sings before dawn." });
});
afterAll(() => bench.close());

type Options = Record<string, string | number | boolean | undefined>;

/** Tries to connect and gives what the SDK throws; nothing may have been stored. */
async function refused(change: Options, beside: object = {}): Promise<unknown> {
  const sent = Object.entries({ ...bench.metadata(bucket), ...change });
  const metadata = Object.fromEntries(sent.filter(([, value]) => value !== undefined));
  const thrown = await refusalOf(
    bench.client.post("/v3/connections/s3", { body: { metadata, containerTags: ["refused"], ...beside } }),
  );
  expect(await bench.client.connections.list({})).toEqual([]);
  return thrown;
}

describe("a bucket that does not let us in is refused with the page's status and message, and nothing is stored", () => {
  test("401 for a wrong secret", async () => {
    const thrown = await refused({ secretAccessKey: "not-the-secret" });
    expect(thrown).toBeInstanceOf(AuthenticationError);
    expect(thrown).toMatchObject({
      status: 401,
      error: { error: "Authentication failed", details: expect.stringContaining("secret") },
    });
  });

  test("401 for an access key that the server does not know", async () => {
    const thrown = await refused({ accessKeyId: "AKIAIOSFODNN7EXAMPLE" });
    expect(thrown).toBeInstanceOf(AuthenticationError);
    expect(thrown).toMatchObject({ error: { error: "Authentication failed" } });
  });

  test("403 for a bucket of somebody else", async () => {
    const thrown = await refused({ ...bench.server.other });
    expect(thrown).toBeInstanceOf(PermissionDeniedError);
    expect(thrown).toMatchObject({
      status: 403,
      error: { error: "Access denied", details: expect.stringContaining("s3:ListBucket") },
    });
  });

  test("404 for a bucket that is not there", async () => {
    const thrown = await refused({ bucket: "sluice-no-such-bucket" });
    expect(thrown).toBeInstanceOf(NotFoundError);
    expect(thrown).toMatchObject({
      status: 404,
      error: { error: "Bucket not found", details: expect.stringContaining("sluice-no-such-bucket") },
    });
  });

  test("400 that names the host for an endpoint where nobody answers", async () => {
    const host = `127.0.0.1:${await freePort()}`;
    const thrown = await refused({ endpoint: `http://${host}` });
    expect(thrown).toBeInstanceOf(BadRequestError);
    expect(thrown).toMatchObject({ status: 400, error: { error: expect.stringContaining(host) } });
  });

  test("400 for an endpoint whose name nobody knows", async () => {
    const thrown = await refused({ endpoint: "http://no-such-host.invalid" });
    expect(thrown).toMatchObject({
      status: 400,
      error: { error: expect.stringContaining("no-such-host.invalid") },
    });
  });

  test("400 for an endpoint that may never be asked: link-local, also written as IPv6", async () => {
    for (const host of ["169.254.169.254", "[::ffff:169.254.169.254]", "0.0.0.0"]) {
      expect(await refused({ endpoint: `http://${host}` })).toMatchObject({ status: 400 });
    }
  });
});

const NAMED_CASES: [name: string, change: Options, beside: object, field: string][] = [
  ["a missing access key ID", { accessKeyId: undefined }, {}, "metadata.accessKeyId"],
  ["a missing secret", { secretAccessKey: undefined }, {}, "metadata.secretAccessKey"],
  ["a missing bucket", { bucket: undefined }, {}, "metadata.bucket"],
  ["a missing region", { region: undefined }, {}, "metadata.region"],
  ["an endpoint that is no address", { endpoint: "minio" }, {}, "metadata.endpoint"],
  ["an endpoint with user info", { endpoint: "http://me:pw@127.0.0.1:9000" }, {}, "metadata.endpoint"],
  ["an endpoint of another scheme", { endpoint: "file:///etc/passwd" }, {}, "metadata.endpoint"],
  ["a regex without the group", { containerTagRegex: "users/([^/]+)/" }, {}, "metadata.containerTagRegex"],
  ["a regex that does not compile", { containerTagRegex: "(?<userId>" }, {}, "metadata.containerTagRegex"],
  ["a regex with a look-ahead", { containerTagRegex: "(?=x)(?<userId>.)" }, {}, "metadata.containerTagRegex"],
  ["a regex of 200 characters", { containerTagRegex: regexOf(200) }, {}, "metadata.containerTagRegex"],
  ["a limit of 0", {}, { documentLimit: 0 }, "documentLimit"],
  ["a limit of 1.5", {}, { documentLimit: 1.5 }, "documentLimit"],
  ["a limit of 1,000,001", {}, { documentLimit: 1_000_001 }, "documentLimit"],
  ["a limit that is text", {}, { documentLimit: "many" }, "documentLimit"],
  ["a tag with a space", {}, { containerTags: ["two words"] }, "containerTags"],
  ["a tag of 101 characters", {}, { containerTags: ["t".repeat(101)] }, "containerTags"],
];

function regexOf(length: number): string {
  const group = "(?<userId>[^/]+)";
  return "a".repeat(length - group.length) + group;
}

describe("a request with a wrong value is a 400 that names the field", () => {
  test.each(NAMED_CASES)("%s", async (_, change, beside, field) => {
    const thrown = await refused(change, beside);
    expect(thrown).toBeInstanceOf(BadRequestError);
    expect(thrown).toMatchObject({
      error: { error: "Invalid request parameters", details: expect.stringContaining(field) },
    });
  });

  test("another provider", async () => {
    const thrown = await refusalOf(bench.client.connections.create("notion", {}));
    expect(thrown).toMatchObject({ status: 400, error: { details: expect.stringContaining("notion") } });
  });

  test("a refusal never repeats a credential that was sent", async () => {
    const thrown = await refused({ bucket: undefined });
    const { user } = bench.server;
    expect(JSON.stringify(thrown)).not.toContain(user.secretAccessKey);
    expect(JSON.stringify(thrown)).not.toContain(user.accessKeyId);
  });
});

test("a regex of 199 characters and a limit of 1,000,000 are taken", async () => {
  const created = await bench.client.connections.create("s3", {
    metadata: bench.metadata(bucket, { containerTagRegex: regexOf(199) }),
    documentLimit: 1_000_000,
  });
  await bench.settled(created.id);
  await bench.client.connections.deleteByID(created.id);
});

test("a wrong API key is an AuthenticationError that does not read like one of the bucket", async () => {
  const stranger = new Supermemory({ apiKey: "sm_wrong", baseURL: bench.sluice.url });
  const thrown = await refusalOf(stranger.connections.list({}));
  expect(thrown).toBeInstanceOf(AuthenticationError);
  expect(thrown).toMatchObject({ error: { error: "Unauthorized", details: expect.any(String) } });
});
