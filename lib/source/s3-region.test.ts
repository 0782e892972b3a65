import { describe, expect, test } from "vitest";
import { checkSource } from "./check-source";
import { S3Session } from "./s3-session";
import { openS3Source } from "./s3-source";
import type { SourceSettings } from "./source";
import { playAnswers, type Recording, recorded } from "./testing/answer-player";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, readListed, settingsAt, startLocalStore } from "./testing/local-store";

const { signal } = new AbortController();
const page = recorded(200, {}, "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>");
const error = (code: string, inside = "") => `<Error><Code>${code}</Code>${inside}</Error>`;
const malformed = (region: string) =>
  recorded(400, {}, error("AuthorizationHeaderMalformed", `<Region>${region}</Region>`));

/** For which region a request was signed. */
function regionOf(request: string | undefined): string | undefined {
  return /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request ?? "")?.[1];
}

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const elsewhere = { Location: "http://127.0.0.1:1/docs" };

  test.each<[string, Recording]>([
    ["in the body", malformed("eu-west-1")],
    [
      "in a header",
      recorded(301, { ...elsewhere, "x-amz-bucket-region": "eu-west-1" }, error("PermanentRedirect")),
    ],
    ["in a header alone", recorded(301, { ...elsewhere, "x-amz-bucket-region": "eu-west-1" })],
    [
      "in a header of a bad request",
      recorded(400, { "x-amz-bucket-region": "eu-west-1" }, error("BadRequest")),
    ],
    [
      "in a host",
      recorded(
        301,
        elsewhere,
        error("PermanentRedirect", "<Endpoint>docs.s3.eu-west-1.amazonaws.com</Endpoint>"),
      ),
    ],
    [
      "with a constraint",
      recorded(400, { "x-amz-bucket-region": "eu-west-1" }, error("IllegalLocationConstraintException")),
    ],
  ])("a region that the store names %s is used from then on", async (_where, refusal) => {
    const player = await playAnswers([refusal, page]);
    const source = openS3Source(player.settings, { allowEndpoints: null, attemptsMax: 1, lean });
    expect(source.findings().region).toBeNull();
    await listFirst(source);
    await listFirst(source);
    expect(source.findings().region).toBe("eu-west-1");
    expect(player.requests.map(regionOf)).toEqual(["us-east-1", "eu-west-1", "eu-west-1"]);
    source.close();
    await player.close();
  });

  test("requests that were under way together all reach the region that one of them found", async () => {
    const waiting: (() => void)[] = [];
    const store = await startLocalStore((request, response) => {
      if (regionOf(request.headers.authorization) === "eu-west-1") return void response.end(page.body);
      waiting.push(() => response.writeHead(400).end(malformed("eu-west-1").body));
      if (waiting.length === 3) for (const refuse of waiting) refuse();
    });
    const source = openS3Source(store.settings, { allowEndpoints: null, attemptsMax: 1, lean });
    const pages = await Promise.all([listFirst(source), listFirst(source), listFirst(source)]);
    expect(pages).toHaveLength(3);
    expect(store.requests).toHaveLength(6);
    source.close();
    await store.close();
  });

  test("a store that names one region after the other is followed once", async () => {
    const player = await playAnswers([malformed("eu-west-1"), malformed("ap-south-1")]);
    const source = openS3Source(player.settings, { allowEndpoints: null, lean });
    const asked = readListed(source);
    await expect(asked).rejects.toSatisfy(isSluiceError("invalid_input", "stop"));
    await expect(asked).rejects.toMatchObject({ details: expect.stringContaining("ap-south-1") });
    expect(player.requests).toHaveLength(2);
    expect(source.findings().region).toBe("eu-west-1");
    source.close();
    await player.close();
  });

  test.each(["us-east-1", "../evil", "a", "eu west", "x".repeat(64)])(
    "%s is not a region to go to",
    async (region) => {
      const player = await playAnswers([malformed(region)]);
      const source = openS3Source(player.settings, { allowEndpoints: null, lean });
      await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("invalid_input", "stop"));
      expect(player.requests).toHaveLength(1);
      expect(source.findings().region).toBeNull();
      source.close();
      await player.close();
    },
  );

  test("the check tells the region it found, in its result and in the sentence about the signature", async () => {
    const player = await playAnswers([malformed("eu-west-1"), page]);
    const check = await checkSource({
      settings: player.settings,
      prefix: "",
      signal,
      allowEndpoints: null,
      lean,
    });
    expect(check.error).toBeNull();
    expect(check.foundRegion).toBe("eu-west-1");
    expect(check.stages[1]?.sentence).toContain('is in "eu-west-1", not in "us-east-1"');
    await player.close();
  });

  test("the check tells it also where the bucket may not be listed", async () => {
    const player = await playAnswers([malformed("eu-west-1"), recorded(403, {})]);
    const check = await checkSource({
      settings: player.settings,
      prefix: "",
      signal,
      allowEndpoints: null,
      lean,
    });
    expect(check.error?.code).toBe("source_denied");
    expect(check.foundRegion).toBe("eu-west-1");
    await player.close();
  });

  test.each<[string | null, SourceSettings["addressingStyle"], string, string]>([
    [null, "virtual", "docs.s3.us-east-1.amazonaws.com", "docs.s3.eu-west-1.amazonaws.com"],
    [null, "path", "s3.us-east-1.amazonaws.com", "s3.eu-west-1.amazonaws.com"],
    [
      "https://s3.us-east-1.amazonaws.com",
      "virtual",
      "docs.s3.us-east-1.amazonaws.com",
      "docs.s3.eu-west-1.amazonaws.com",
    ],
    ["https://s3.amazonaws.com", "path", "s3.amazonaws.com", "s3.eu-west-1.amazonaws.com"],
    ["https://store.example.com", "virtual", "docs.store.example.com", "docs.store.example.com"],
    [
      "https://vpce-1.s3.us-east-1.vpce.amazonaws.com",
      "path",
      "vpce-1.s3.us-east-1.vpce.amazonaws.com",
      "vpce-1.s3.us-east-1.vpce.amazonaws.com",
    ],
  ])("with the endpoint %s and %s style, %s becomes %s", async (endpoint, addressingStyle, before, after) => {
    const hosts: string[] = [];
    const resolve = async (host: string) => {
      hosts.push(host);
      return [];
    };
    const settings = { ...settingsAt(""), endpoint, addressingStyle };
    const session = new S3Session(settings, { allowEndpoints: null, resolve, lean });
    const ask = () =>
      session.reach.requests.list(
        { prefix: "", startAfter: null, token: null },
        new AbortController().signal,
      );
    await expect(ask()).rejects.toThrow();
    expect(session.moveTo("eu-west-1")).toBe(true);
    await expect(ask()).rejects.toThrow();
    expect(hosts).toEqual([before, after]);
    session.close();
  });
});
