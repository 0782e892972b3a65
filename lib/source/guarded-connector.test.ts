import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { afterEach, describe, expect, test } from "vitest";
import type { ResolveHost } from "./address-guard";
import { parseAllowList } from "./address-rules";
import { guardedConnector } from "./guarded-connector";
import { AUTHORITY_PEM, SERVER_CERTIFICATE_PEM, SERVER_KEY_PEM } from "./testing/certificates";
import { isSluiceError } from "./testing/contract-expectations";
import { trustedAuthorities } from "./trusted-authorities";

const isRefused = isSluiceError("source_unreachable", "stop");
const toLoopback: ResolveHost = async () => [{ address: "127.0.0.1", family: 4 }];
const closing: Server[] = [];

afterEach(() => {
  for (const server of closing.splice(0)) server.close();
});

async function portOf(server: Server): Promise<string> {
  closing.push(server);
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return String(address.port);
}

type Options = { resolve?: ResolveHost; allow?: string; caPem?: string; connectMs?: number };

function connectorWith({ resolve = toLoopback, allow, caPem, connectMs = 5_000 }: Options) {
  const guard = { allow: parseAllowList(allow ?? null), resolve };
  const connect = guardedConnector(guard, { connectMs, secureContext: trustedAuthorities(caPem ?? null) });
  return (url: string): Promise<Socket> => {
    const { protocol, hostname, port, host } = new URL(url);
    return new Promise((resolveSocket, reject) => {
      connect({ protocol, hostname, port, host }, (error, socket) => {
        if (error === null) resolveSocket(socket);
        else reject(error);
      });
    });
  };
}

describe("addresses are judged when they are connected to", () => {
  test.each([
    "http://169.254.169.254",
    "http://[::ffff:169.254.169.254]",
    "http://[fd00:ec2::254]",
    "http://0.0.0.0",
    "https://[::ffff:a9fe:a9fe]",
    "http://100.100.100.200",
  ])("the literal %s is refused without a lookup", async (url) => {
    const connect = connectorWith({ resolve: () => Promise.reject(new Error("nobody asks")) });
    await expect(connect(url)).rejects.toSatisfy(isRefused);
  });

  test("a literal that is not listed is refused, a listed one is connected to", async () => {
    const port = await portOf(createServer());
    await expect(connectorWith({ allow: "10.0.0.0/8" })(`http://127.0.0.1:${port}`)).rejects.toSatisfy(
      isRefused,
    );
    (await connectorWith({ allow: "127.0.0.0/8" })(`http://127.0.0.1:${port}`)).destroy();
  });

  test("one bad address of a name among good ones is enough, also a mapped one", async () => {
    const port = await portOf(createServer());
    const resolve: ResolveHost = async () => [
      { address: "127.0.0.1", family: 4 },
      { address: "::ffff:169.254.169.254", family: 6 },
    ];
    await expect(connectorWith({ resolve })(`http://store.example.com:${port}`)).rejects.toSatisfy(isRefused);
  });

  test("a name that rebinds after its first answer gains nothing", async () => {
    const port = await portOf(createServer());
    const answers = ["127.0.0.1", "169.254.169.254"];
    const connect = connectorWith({
      resolve: async () => [{ address: answers.shift() ?? "", family: 4 }],
    });
    (await connect(`http://store.example.com:${port}`)).destroy();
    await expect(connect(`http://store.example.com:${port}`)).rejects.toSatisfy(isRefused);
  });

  test("a name without addresses is not found", async () => {
    const connect = connectorWith({ resolve: async () => [] });
    await expect(connect("http://store.example.com")).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("TLS", () => {
  const tlsPort = () =>
    portOf(
      createTlsServer({
        cert: SERVER_CERTIFICATE_PEM,
        key: SERVER_KEY_PEM,
        ALPNProtocols: ["h2", "http/1.1"],
      }),
    );

  test("offers HTTP/1.1 alone, and trusts the authority that is given", async () => {
    const port = await tlsPort();
    const socket = await connectorWith({ caPem: AUTHORITY_PEM })(`https://store.example.com:${port}`);
    expect(Reflect.get(socket, "alpnProtocol")).toBe("http/1.1");
    socket.destroy();
  });

  test("without that authority, or under another name, there is no connection", async () => {
    const port = await tlsPort();
    await expect(connectorWith({})(`https://store.example.com:${port}`)).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_|SELF_SIGNED_|UNABLE_TO_VERIFY/),
    });
    await expect(
      connectorWith({ caPem: AUTHORITY_PEM })(`https://other.example.com:${port}`),
    ).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });
});

test("a name that is not resolved in time is given up", async () => {
  const connect = connectorWith({ resolve: () => new Promise(() => {}), connectMs: 50 });
  const startedAt = performance.now();
  await expect(connect("http://store.example.com")).rejects.toMatchObject({
    code: "UND_ERR_CONNECT_TIMEOUT",
  });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});
