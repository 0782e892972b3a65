import { describe, expect, test } from "vitest";
import { openS3Source } from "./s3-source";
import type { SourceCredentials } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, settingsAt } from "./testing/local-store";
import { type Asked, keyIn, startRoleStore } from "./testing/role-store";

const ROLE_ARN = "arn:aws:iam::123456789012:role/reader";
const base = { accessKeyId: "BASEKEY", secretAccessKey: "BASESECRET", sessionToken: null };
const role = { kind: "role", roleArn: ROLE_ARN, externalId: "sluice-1234", base } as const;

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const options = { allowEndpoints: null, attemptsMax: 1, lean };

  async function listAs(credentials: SourceCredentials, times = 1): Promise<Asked[]> {
    const store = await startRoleStore(3_600_000);
    const source = openS3Source({ ...store.settings, credentials }, options);
    for (let time = 0; time < times; time++) await listFirst(source);
    source.close();
    await store.close();
    return store.asked;
  }

  test("a session token is sent beside the signature, and signed", async () => {
    const [asked] = await listAs({ kind: "keys", ...base, sessionToken: "the-token" });
    expect(asked?.token).toBe("the-token");
    expect(asked?.authorization).toMatch(/SignedHeaders=[^,]*x-amz-security-token/);
  });

  test("nobody's requests are not signed", async () => {
    expect(await listAs({ kind: "anonymous" })).toEqual([{ authorization: undefined, token: undefined }]);
  });

  test("a role is assumed at the endpoint, with its external id, and lasts for many requests", async () => {
    const store = await startRoleStore(3_600_000);
    const source = openS3Source({ ...store.settings, credentials: role }, options);
    await Promise.all([listFirst(source), listFirst(source)]);
    await listFirst(source);
    expect(store.assumed.map((parameters) => Object.fromEntries(parameters))).toEqual([
      expect.objectContaining({ Action: "AssumeRole", RoleArn: ROLE_ARN, ExternalId: "sluice-1234" }),
    ]);
    expect(store.asked.map(keyIn)).toEqual(["ROLEKEY1", "ROLEKEY1", "ROLEKEY1"]);
    expect(store.asked[0]?.token).toBe("token-1");
    source.close();
    await store.close();
  });

  test("a role is assumed again before it ends", async () => {
    const store = await startRoleStore(60_000);
    const source = openS3Source({ ...store.settings, credentials: role }, options);
    await listFirst(source);
    await listFirst(source);
    expect(new Set(store.asked.map(keyIn)).size).toBe(2);
    source.close();
    await store.close();
  });

  test.each<[number, string, ReturnType<typeof isSluiceError>]>([
    [403, "AccessDenied", isSluiceError("source_denied", "stop")],
    [404, "NoSuchEntity", isSluiceError("source_denied", "stop")],
    [403, "RegionDisabledException", isSluiceError("source_denied", "stop")],
    [403, "InvalidClientTokenId", isSluiceError("source_auth", "stop")],
    [403, "SignatureDoesNotMatch", isSluiceError("source_auth", "stop")],
    [400, "ExpiredTokenException", isSluiceError("source_auth", "stop")],
    [400, "ValidationError", isSluiceError("invalid_input", "stop")],
    [400, "Throttling", isSluiceError("source_throttled", "retry")],
    [500, "InternalFailure", isSluiceError("source_unreachable", "retry")],
  ])("where a role is refused with %i %s, that is told by its code", async (status, code, isExpected) => {
    const store = await startRoleStore(0, { status, code });
    const source = openS3Source({ ...store.settings, credentials: role }, options);
    await expect(listFirst(source)).rejects.toSatisfy(isExpected);
    expect(store.asked).toEqual([]);
    source.close();
    await store.close();
  });

  test("a role is not asked for at an address that Sluice may not connect to", async () => {
    const store = await startRoleStore(3_600_000);
    const closed = { ...options, allowEndpoints: "10.0.0.0/8" };
    const source = openS3Source({ ...store.settings, credentials: role }, closed);
    await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_unreachable", "stop"));
    expect(store.requests).toEqual([]);
    source.close();
    await store.close();
  });

  test.each([
    [null, "sts.us-east-1.amazonaws.com"],
    ["https://s3.eu-west-1.amazonaws.com", "sts.us-east-1.amazonaws.com"],
    ["https://store.example.com", "store.example.com"],
  ])("with the endpoint %s a role is asked for at %s", async (endpoint, host) => {
    const hosts: string[] = [];
    const resolve = async (name: string) => {
      hosts.push(name);
      return [];
    };
    const source = openS3Source({ ...settingsAt(""), endpoint, credentials: role }, { ...options, resolve });
    await expect(listFirst(source)).rejects.toThrow(host);
    expect(hosts).toEqual([host]);
    source.close();
  });
});
