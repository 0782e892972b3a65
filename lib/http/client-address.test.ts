import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { clientAddress } from "./client-address";
import { tellPeerAddress } from "./client-address-peer";

const forwarded = (value: string) => new Headers({ "x-forwarded-for": value });

describe("the address of a request", () => {
  test("is not believed from a header while nobody vouches for it", () => {
    expect(clientAddress(forwarded("203.0.113.9"), false)).toBe("unknown");
  });

  test("behind a trusted proxy it is what that proxy wrote last, not what the sender wrote first", () => {
    expect(clientAddress(forwarded("203.0.113.9, 198.51.100.7"), true)).toBe("198.51.100.7");
    expect(clientAddress(forwarded("::ffff:198.51.100.7"), true)).toBe("198.51.100.7");
    expect(clientAddress(forwarded("2001:db8::1"), true)).toBe("2001:db8::1");
    expect(clientAddress(new Headers(), true)).toBe("unknown");
  });

  test("without a proxy it is the socket's, whatever the sender claims", async () => {
    tellPeerAddress({ trustProxy: false });
    const server = createServer((request, response) => {
      const headers = new Headers({ "x-forwarded-for": String(request.headers["x-forwarded-for"]) });
      response.end(clientAddress(headers, false));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (const headers of [
      {},
      { "x-forwarded-for": "203.0.113.9" },
      { "X-FORWARDED-FOR": "1.1.1.1, 2.2.2.2" },
    ]) {
      const response = await fetch(`http://127.0.0.1:${port}`, {
        headers: headers as Record<string, string>,
      });
      expect(await response.text()).toBe("127.0.0.1");
    }
    server.close();
  });
});
