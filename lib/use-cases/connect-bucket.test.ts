import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import { type LocalStore, startLocalStore } from "@/lib/source/testing/local-store";
import { connectBucket } from "./connect-bucket";
import { accessDenied, oneObject, oneObjectWithEtag } from "./testing/bucket-store";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let answer = oneObject;
let store: LocalStore;
let bench: Connected;
beforeEach(async () => {
  store = await startLocalStore((request, response) => answer(request, response));
  bench = await openConnected();
});
afterEach(async () => {
  answer = oneObject;
  await bench.remove();
  await store.close();
});

const connect = (settings: object, actor = ADA) =>
  connectBucket({
    actor,
    write: bench.database.transaction,
    input: connectBucketInput.parse({
      bucket: "more",
      region: "us-east-1",
      endpoint: store.settings.endpoint,
      addressingStyle: "path",
      credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
      ...settings,
    }),
    vault: bench.vault,
    sourceRules: { allowEndpoints: null, allowAmbientCredentials: false },
    signal: new AbortController().signal,
    now: NOW,
  });
const view = (id: string) => bench.database.reading((tx) => getConnection({ actor: ADA, tx, input: { id } }));
const sealedOf = async (id: string) => {
  const row = await bench.database.reading((tx) => tx.prisma.connection.findUniqueOrThrow({ where: { id } }));
  return JSON.parse(bench.vault.open(row.sealedCredentials));
};

describe("connecting a bucket", () => {
  test("keeps everything that was said of it, and shows it without the secret", async () => {
    const said = {
      prefix: "p/",
      filters: { includeGlobs: ["*.md"], excludeGlobs: ["drafts/"], extensions: [".MD"], sizeBytesMax: 9 },
      requestRateMax: 50,
      schedule: { kind: "cron", cron: "30 9 * * *", timeZone: "Europe/Berlin" },
      deletionPolicy: "keep",
    };
    const { id, externalId } = await connect(said);
    expect(externalId).toBeNull();
    const shown = await view(id);
    expect(shown).toMatchObject({
      ...said,
      filters: { ...said.filters, sizeBytesMin: null },
      credentialsKind: "keys",
      externalId: null,
      backOff: null,
      pausedAt: null,
    });
    expect(JSON.stringify(shown)).not.toMatch(/AKIA|secret/);
    expect(await sealedOf(id)).toMatchObject({ kind: "keys", accessKeyId: "AKIA", sessionToken: null });
  });

  test("remembers whether the store honours If-Match, as far as the check could tell", async () => {
    const found = async () => {
      const { id } = await connect({});
      const row = await bench.database.reading(({ prisma }) =>
        prisma.connection.findUniqueOrThrow({ where: { id } }),
      );
      return row.isIfMatchHonoured;
    };
    expect(await found()).toBeNull();
    answer = oneObjectWithEtag("ignored");
    expect(await found()).toBe(false);
  });

  test("that everybody may read needs no key and sends none", async () => {
    let isSigned = false;
    answer = (request, response) => {
      isSigned ||= request.headers.authorization !== undefined;
      oneObject(request, response);
    };
    const { id } = await connect({ credentials: { kind: "anonymous" } });
    expect(isSigned).toBe(false);
    expect(await view(id)).toMatchObject({ credentialsKind: "anonymous" });
    expect(await sealedOf(id)).toEqual({ kind: "anonymous" });
  });

  test("by a role assumes it with the external id of this installation, which is the same for all and is shown", async () => {
    const asked: string[] = [];
    answer = (request, response) => {
      if (request.method !== "POST") return oneObject(request, response);
      let body = "";
      request.on("data", (piece) => {
        body += piece;
      });
      request.on("end", () => {
        asked.push(new URLSearchParams(body).get("ExternalId") ?? "none");
        response.writeHead(200, { "content-type": "text/xml" }).end(ASSUMED);
      });
    };
    const base = { accessKeyId: "AKIA", secretAccessKey: "secret" };
    const role = { kind: "role", roleArn: "arn:aws:iam::123456789012:role/reader", base };
    const first = await connect({ credentials: role });
    const second = await connect({ bucket: "third", credentials: { ...role, externalId: first.externalId } });
    expect(first.externalId).toMatch(/^[0-9A-Za-z]{22}$/);
    expect(second.externalId).toBe(first.externalId);
    expect(new Set(asked)).toEqual(new Set([first.externalId]));
    expect(await view(first.id)).toMatchObject({ credentialsKind: "role", externalId: first.externalId });
    expect(await sealedOf(first.id)).toMatchObject({ kind: "role", externalId: first.externalId });
  });

  test("in another region than was said keeps the one that the store named", async () => {
    answer = (request, response) => {
      if (request.headers.authorization?.includes("/eu-west-3/s3/")) return oneObject(request, response);
      const error = "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-3</Region></Error>";
      response.writeHead(400).end(error);
    };
    const { id } = await connect({});
    expect((await view(id)).region).toBe("eu-west-3");
  });

  test("with somebody else's external id is refused before anything is asked, and the right one is named", async () => {
    const role = { kind: "role", roleArn: "arn:aws:iam::123456789012:role/reader", externalId: "theirs" };
    await expect(connect({ credentials: role })).rejects.toMatchObject({
      code: "invalid_input",
      details: expect.stringMatching(/^metadata\.externalId: .*"[0-9A-Za-z]{22}"/),
    });
    expect(store.requests).toEqual([]);
  });

  test("by the server's own role is refused unless the operator allows it, and nothing is stored", async () => {
    await expect(connect({ credentials: { kind: "ambient" } })).rejects.toMatchObject({
      code: "invalid_input",
      details: expect.stringContaining("SLUICE_ALLOW_AMBIENT_CREDENTIALS"),
    });
    expect(await bench.database.reading((tx) => tx.prisma.connection.count())).toBe(1);
  });

  test("needs full access, before the store is asked anything", async () => {
    await expect(connect({}, TENANT)).rejects.toMatchObject({ code: "forbidden" });
    expect(store.requests).toEqual([]);
  });

  test("that the store refuses stores nothing", async () => {
    answer = accessDenied;
    await expect(connect({})).rejects.toMatchObject({ code: "source_denied" });
    expect(await bench.database.reading((tx) => tx.prisma.connection.count())).toBe(1);
  });
});

const ASSUMED = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>
  <AccessKeyId>ASIATEST</AccessKeyId><SecretAccessKey>assumed</SecretAccessKey><SessionToken>token</SessionToken>
  <Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
