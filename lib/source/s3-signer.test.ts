import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { describe, expect, test } from "vitest";
import { openSigner } from "./s3-signer";
import { ODD_KEYS } from "./testing/odd-keys";

const REGION = "eu-west-1";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const KEY = { accessKeyId: "TESTKEY", secretAccessKey: "TESTSECRET" };

/** Node's own hashing, for the SDK's signer to be asked without anything of ours. */
class PlainHashing {
  readonly #secret: string | Uint8Array | undefined;
  #text = new Uint8Array();

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret !== undefined && typeof secret !== "string" && !(secret instanceof Uint8Array))
      throw new Error("a secret of another kind");
    this.#secret = secret;
  }

  update(text: Uint8Array): void {
    this.#text = Buffer.concat([this.#text, text]);
  }

  async digest(): Promise<Uint8Array> {
    const hashing = this.#secret === undefined ? createHash("sha256") : createHmac("sha256", this.#secret);
    return hashing.update(this.#text).digest();
  }
}

/** What the SDK makes of the same request, all of it signed by the SDK. */
async function signedBySdk(
  key: typeof KEY & { sessionToken?: string },
  request: { path: string; query: Record<string, string>; headers: Record<string, string> },
  now = NOW,
): Promise<Record<string, string>> {
  const signer = new SignatureV4({
    service: "s3",
    region: REGION,
    credentials: key,
    sha256: PlainHashing,
    uriEscapePath: false,
  });
  const whole = { method: "GET", protocol: "https:", hostname: "", ...request };
  return (await signer.sign(whole, { signingDate: new Date(now) })).headers;
}

async function signed(
  credentials: Parameters<typeof openSigner>[0]["credentials"],
  { path, query, headers }: { path: string; query: string; headers: Record<string, string> },
): Promise<Record<string, string>> {
  const signable = { ...headers };
  await openSigner({ region: REGION, credentials }).sign({ path, query, headers: signable, now: NOW });
  return signable;
}

const encode = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

describe("a request is signed as the SDK signs it", () => {
  test.each(ODD_KEYS)("for the key %j", async (key) => {
    const headers = { host: "store.example.com:9000", "if-match": '"abc"', range: "bytes=0-0" };
    const path = `/docs/${encode(key).replaceAll("%2F", "/")}`;
    const sdk = await signedBySdk(KEY, { path, query: {}, headers });
    expect(await signed(KEY, { path, query: "", headers })).toEqual(sdk);
  });

  test.each(ODD_KEYS)("for a listing under %j", async (prefix) => {
    const headers = { host: "docs.store.example.com" };
    const query = { "list-type": "2", prefix, "continuation-token": "1u+/R=&x", "encoding-type": "url" };
    const inOrder = `continuation-token=${encode("1u+/R=&x")}&encoding-type=url&list-type=2&prefix=${encode(prefix)}`;
    const sdk = await signedBySdk(KEY, { path: "/", query, headers });
    expect(await signed(KEY, { path: "/", query: inOrder, headers })).toEqual(sdk);
  });

  test("with a session token, and with spaces in a header", async () => {
    const key = { ...KEY, sessionToken: "token+of/a=session" };
    const headers = { host: "store.example.com", "if-match": '" two  spaces\t"' };
    const sdk = await signedBySdk(key, { path: "/docs/a", query: {}, headers });
    expect(sdk["x-amz-security-token"]).toBe(key.sessionToken);
    expect(await signed(key, { path: "/docs/a", query: "", headers })).toEqual(sdk);
  });
});

test("each request is signed with the key that is given out for it", async () => {
  const keys = [KEY, { ...KEY, secretAccessKey: "OTHERSECRET" }, { ...KEY, sessionToken: "t" }, KEY];
  const given = keys[Symbol.iterator]();
  const credentials = async () => given.next().value ?? KEY;
  const signer = openSigner({ region: REGION, credentials });
  for (const key of keys) {
    const headers: Record<string, string> = { host: "store.example.com" };
    await signer.sign({ path: "/docs/a", query: "", headers, now: NOW });
    const request = { path: "/docs/a", query: {}, headers: { host: "store.example.com" } };
    expect(headers).toEqual(await signedBySdk(key, request));
  }
});

test("a key is made anew for each day, and comes back with its day", async () => {
  const signer = openSigner({ region: REGION, credentials: KEY });
  const DAY_MS = 24 * 60 * 60 * 1_000;
  for (const now of [NOW, NOW + DAY_MS, NOW]) {
    const headers: Record<string, string> = { host: "store.example.com" };
    await signer.sign({ path: "/docs/a", query: "", headers, now });
    const request = { path: "/docs/a", query: {}, headers: { host: "store.example.com" } };
    expect(headers).toEqual(await signedBySdk(KEY, request, now));
  }
});
