import { createServer } from "node:https";
import { describe, expect, test } from "vitest";
import { openS3Source } from "./s3-source";
import { AUTHORITY_PEM, SERVER_CERTIFICATE_PEM, SERVER_KEY_PEM } from "./testing/certificates";
import { BOTH_PATHS, listFirst, settingsAt } from "./testing/local-store";
import { trustedAuthorities } from "./trusted-authorities";

const PAGE = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  async function listOverTls(caPem: string | null): Promise<unknown> {
    const server = createServer({ cert: SERVER_CERTIFICATE_PEM, key: SERVER_KEY_PEM }, (_, response) => {
      response.end(PAGE);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const settings = { ...settingsAt(`https://127.0.0.1:${address.port}`), caPem };
    const source = openS3Source(settings, { allowEndpoints: null, attemptsMax: 1, lean });
    try {
      return await listFirst(source);
    } finally {
      source.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  test("a certificate of an authority that nobody knows is not trusted, in a sentence about that", async () => {
    await expect(listOverTls(null)).rejects.toThrow("not signed by an authority that this server trusts");
  });

  test("it is trusted where the connection names the authority", async () => {
    expect(await listOverTls(AUTHORITY_PEM)).toMatchObject({ objects: [] });
  });

  test("text around certificates, and more than one of them, do no harm", async () => {
    const bundle = `# of the cellar\n${SERVER_CERTIFICATE_PEM}\n# of the house\n${AUTHORITY_PEM}`;
    expect(await listOverTls(bundle)).toMatchObject({ objects: [] });
  });
});

describe("what is no certificate", () => {
  test.each([
    ["words", "trust me", "is not a certificate"],
    ["nothing", "", "is not a certificate"],
    ["a private key", SERVER_KEY_PEM, "private key"],
    ["a certificate with its key", AUTHORITY_PEM + SERVER_KEY_PEM, "private key"],
    ["a certificate without its end", AUTHORITY_PEM.slice(0, 200), "is not a certificate"],
    [
      "a certificate of other bytes",
      AUTHORITY_PEM.replace(/\nM.{40}/, `\n${"A".repeat(41)}`),
      "is not a certificate",
    ],
    [
      "one good and one bad",
      `${AUTHORITY_PEM}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
      "is not a certificate",
    ],
    ["a book", "x".repeat(100_000), "at most"],
  ])("%s is refused", (_what, caPem, sentence) => {
    expect(() => trustedAuthorities(caPem)).toThrow(
      expect.objectContaining({ code: "invalid_input", details: expect.stringContaining(sentence) }),
    );
  });

  test("no text changes nothing", () => expect(trustedAuthorities(null)).toBeUndefined());
});
