import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test, vi } from "vitest";
import { S3Session } from "./s3-session";
import { openS3Source } from "./s3-source";
import type { SourceCredentials } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, settingsAt, startLocalStore } from "./testing/local-store";

const PAGE = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
const ROLE_ARN = "arn:aws:iam::123456789012:role/reader";
const base = { accessKeyId: "BASEKEY", secretAccessKey: "BASESECRET", sessionToken: null };
const role = { kind: "role", roleArn: ROLE_ARN, externalId: "sluice-1234", base } as const;

type Asked = { authorization: string | undefined; token: string | undefined };

/** A store that gives out roles, too. Each one it gives ends after `lifeMs`. */
async function startRoleStore(lifeMs: number, refusal: { status: number; code: string } | null = null) {
  const assumed: URLSearchParams[] = [];
  const asked: Asked[] = [];
  const answer: RequestListener = (request, response) => {
    if (request.method === "GET") {
      const { authorization, "x-amz-security-token": token } = request.headers;
      asked.push({ authorization, token: typeof token === "string" ? token : undefined });
      response.end(PAGE);
      return;
    }
    const pieces: Buffer[] = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      assumed.push(new URLSearchParams(Buffer.concat(pieces).toString("utf8")));
      if (refusal === null) response.end(roleOf(assumed.length, lifeMs));
      else response.writeHead(refusal.status).end(refusalOf(refusal.code));
    });
  };
  const store = await startLocalStore(answer);
  return { ...store, assumed, asked };
}

function roleOf(number: number, lifeMs: number): string {
  const expiration = new Date(Date.now() + lifeMs).toISOString();
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ROLEKEY${number}</AccessKeyId><SecretAccessKey>S</SecretAccessKey><SessionToken>token-${number}</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
}

function refusalOf(code: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`;
}

const keyIn = ({ authorization }: Asked) => /Credential=([^/]+)/.exec(authorization ?? "")?.[1];

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

describe("this server's own identity", () => {
  afterEach(() => vi.unstubAllEnvs());

  const open = (credentials: SourceCredentials, endpoint: string | null, allowAmbientCredentials: boolean) =>
    new S3Session(
      { ...settingsAt(""), endpoint, credentials },
      { allowEndpoints: null, allowAmbientCredentials },
    );
  const ambient = { kind: "ambient" } as const;
  const ambientRole = { ...role, base: null };

  test.each([ambient, ambientRole])(
    "is refused unless it is allowed, by the variable's name",
    (credentials) => {
      expect(() => open(credentials, null, false)).toThrow(
        expect.objectContaining({
          code: "invalid_input",
          details: expect.stringContaining("SLUICE_ALLOW_AMBIENT_CREDENTIALS"),
        }),
      );
    },
  );

  test.each([
    "https://store.example.com",
    "http://s3.eu-west-1.amazonaws.com",
    "https://amazonaws.com.example.com",
  ])("goes to AWS over https alone, not to %s", (endpoint) => {
    for (const credentials of [ambient, ambientRole]) {
      expect(() => open(credentials, endpoint, true)).toThrow(
        expect.objectContaining({
          code: "invalid_input",
          details: expect.stringContaining("SLUICE_ALLOW_AMBIENT_CREDENTIALS"),
        }),
      );
    }
  });

  test.each([null, "https://s3.eu-west-1.amazonaws.com", "https://s3.cn-north-1.amazonaws.com.cn"])(
    "may go to %s where it is allowed",
    (endpoint) => {
      for (const credentials of [ambient, ambientRole]) open(credentials, endpoint, true).close();
    },
  );

  test("that there is not is source_auth", async () => {
    for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"])
      vi.stubEnv(name, undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
    vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
    const source = openS3Source(
      { ...settingsAt(""), endpoint: null, credentials: ambient },
      { allowEndpoints: null, allowAmbientCredentials: true, resolve: async () => [] },
    );
    await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_auth", "stop"));
    source.close();
  });
});
