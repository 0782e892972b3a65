import { connect } from "node:net";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionPools } from "./connection-pool";
import type { Connect } from "./guarded-connector";
import { identityOf } from "./identity";
import { openReach } from "./s3-reach";
import { S3Session } from "./s3-session";
import { openS3Source } from "./s3-source";
import { DEFAULT_TIMEOUTS } from "./s3-timeouts";
import type { SourceCredentials } from "./source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, settingsAt } from "./testing/local-store";
import { keyIn, startRoleStore } from "./testing/role-store";

const ambient = { kind: "ambient" } as const;
const ambientRole = {
  kind: "role",
  roleArn: "arn:aws:iam::123456789012:role/reader",
  externalId: "sluice-1234",
  base: null,
} as const;

beforeEach(() => {
  for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere");
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere");
});
afterEach(() => vi.unstubAllEnvs());

describe("where it may be used", () => {
  const open = (credentials: SourceCredentials, endpoint: string | null, allowAmbientCredentials: boolean) =>
    new S3Session(
      { ...settingsAt(""), endpoint, credentials },
      { allowEndpoints: null, allowAmbientCredentials },
    );

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
    const source = openS3Source(
      { ...settingsAt(""), endpoint: null, credentials: ambient },
      { allowEndpoints: null, allowAmbientCredentials: true, resolve: async () => [] },
    );
    await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_auth", "stop"));
    source.close();
  });
});

/** The SDK's way out, with this port on the loopback where AWS would stand. */
class LoopbackTransport extends NodeHttpHandler {
  readonly #port: number;

  constructor(port: number) {
    super();
    this.#port = port;
  }

  override handle(...[request, options]: Parameters<NodeHttpHandler["handle"]>) {
    Object.assign(request, { protocol: "http:", hostname: "127.0.0.1", port: this.#port });
    return super.handle(request, options);
  }
}

/** The same for the lean path. */
function loopbackConnector(port: number): Connect {
  return (_, onConnected) => {
    const socket = connect(port, "127.0.0.1");
    return socket.once("connect", () => onConnected(null, socket));
  };
}

describe.each(BOTH_PATHS)("on %s", (_path, isLean) => {
  beforeEach(() => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "SERVERKEY");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "server-secret");
    vi.stubEnv("AWS_SESSION_TOKEN", "server-token");
  });

  /** Who asked for a listing, and who for a role. */
  async function listAs(credentials: SourceCredentials) {
    const store = await startRoleStore(3_600_000);
    const port = Number(new URL(store.settings.endpoint ?? "").port);
    const settings = { ...store.settings, endpoint: null, credentials };
    const timeouts = DEFAULT_TIMEOUTS;
    const transport = new LoopbackTransport(port);
    const pools = new ConnectionPools({ connect: loopbackConnector(port), timeouts });
    const identity = identityOf(settings, { transport, attemptsMax: 1, isAmbientAllowed: true });
    const tools = { pools, transport, timeouts, identity, isLean, now: Date.now };
    const { signal } = new AbortController();
    await openReach(settings, tools).requests.list({ prefix: "", startAfter: null, token: null }, signal);
    pools.close();
    transport.destroy();
    await store.close();
    const signers = (all: typeof store.asked) => all.map((one) => `${keyIn(one)} ${one.token}`);
    return { asked: signers(store.asked), assumers: signers(store.assumers) };
  }

  test("a request is signed with the key and token of the environment", async () => {
    expect(await listAs(ambient)).toEqual({ asked: ["SERVERKEY server-token"], assumers: [] });
  });

  test("a role is asked for with them, and the request is signed with the role's", async () => {
    expect(await listAs(ambientRole)).toEqual({
      asked: ["ROLEKEY1 token-1"],
      assumers: ["SERVERKEY server-token"],
    });
  });
});
