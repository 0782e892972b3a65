import { describe, expect, test } from "vitest";
import { SluiceError } from "@/lib/core/errors";
import { openS3Source } from "./s3-source";
import { isSluiceError } from "./testing/contract-expectations";
import { BOTH_PATHS, listFirst, localStoreOn, readListed, settingsAt } from "./testing/local-store";

type Answer = { status: number; body?: string; headers?: Record<string, string> };

const SECRET_BODY = "vendor words that nobody may see";

function xml(status: number, code: string, inside = ""): Answer {
  return { status, body: `<?xml version="1.0"?><Error><Code>${code}</Code>${inside}</Error>` };
}

// Each test has a store of its own, and some only wait.
describe.concurrent.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const withLocalStore = localStoreOn(lean);
  const ask = (answer: Answer, call: "list" | "read"): Promise<SluiceError> => {
    return withLocalStore(
      (_, response) => response.writeHead(answer.status, answer.headers).end(answer.body),
      async (source) => {
        try {
          await (call === "list" ? listFirst(source) : readListed(source));
        } catch (error) {
          if (error instanceof SluiceError) return error;
          throw error;
        }
        throw new Error("nothing was thrown");
      },
    );
  };

  describe("a listing's answer", () => {
    test.each<[string, Answer, string, string]>([
      [
        "a wrong key without Message",
        xml(403, "InvalidAccessKeyId"),
        "source_auth stop",
        "Authentication failed",
      ],
      ["a wrong secret", xml(403, "SignatureDoesNotMatch"), "source_auth stop", "Authentication failed"],
      [
        "an expired token with status 400",
        xml(400, "ExpiredToken"),
        "source_auth stop",
        "Authentication failed",
      ],
      ["a token that is not valid", xml(400, "InvalidToken"), "source_auth stop", "Authentication failed"],
      ["a clock that is off", xml(403, "RequestTimeTooSkewed"), "source_auth stop", "Authentication failed"],
      ["an empty 401", { status: 401 }, "source_auth stop", "Authentication failed"],
      [
        "denial",
        xml(403, "AccessDenied", `<Message>${SECRET_BODY}</Message>`),
        "source_denied stop",
        "Access denied",
      ],
      ["an empty 403", { status: 403 }, "source_denied stop", "Access denied"],
      [
        "HTML with 403",
        { status: 403, body: `<html><p>${SECRET_BODY}<br></html>` },
        "source_denied stop",
        "Access denied",
      ],
      ["no such bucket", xml(404, "NoSuchBucket"), "bucket_missing stop", "Bucket not found"],
      ["an empty 404", { status: 404 }, "bucket_missing stop", "Bucket not found"],
      ["slow down", xml(503, "SlowDown"), "source_throttled retry", "fewer requests"],
      [
        "an HTML 503",
        { status: 503, body: "<html><body><hr>busy" },
        "source_throttled retry",
        "fewer requests",
      ],
      ["429", { status: 429 }, "source_throttled retry", "fewer requests"],
      ["an internal error", xml(500, "InternalError"), "source_unreachable retry", "500 InternalError"],
      ["an HTML 502", { status: 502, body: `<html>${SECRET_BODY}<br>` }, "source_unreachable retry", "502"],
      [
        "an HTML page with 200",
        { status: 200, body: `<html><p>${SECRET_BODY}<br>` },
        "source_unreachable retry",
        "does not speak S3",
      ],
      [
        "a well-formed page with 200",
        { status: 200, body: "<html><p>Sign in</p></html>" },
        "source_unreachable retry",
        "does not speak S3",
      ],
      ["an empty 200", { status: 200 }, "source_unreachable retry", "does not speak S3"],
      [
        "a redirect",
        { status: 302, headers: { location: "http://other.example.com/" } },
        "source_unreachable retry",
        "redirect",
      ],
      ["304", { status: 304 }, "source_unreachable retry", "304"],
      ["a code of the vendor's own", xml(400, "XVendorMood"), "source_unreachable retry", "400 XVendorMood"],
      [
        "a code that is a word of JavaScript",
        xml(400, "constructor"),
        "source_unreachable retry",
        "400 constructor",
      ],
    ])("%s", async (_title, answer, verdict, sentence) => {
      const error = await ask(answer, "list");
      expect(`${error.code} ${error.effect}`).toBe(verdict);
      expect(error.message).toContain(sentence);
      expect(`${error.message} ${error.details}`).not.toContain(SECRET_BODY);
    });

    test.each<[string, Answer]>([
      ["in the body", xml(400, "AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")],
      ["in a header", { ...xml(301, "PermanentRedirect"), headers: { "x-amz-bucket-region": "eu-west-1" } }],
      ["in a host", xml(301, "PermanentRedirect", "<Endpoint>docs.s3-eu-west-1.amazonaws.com</Endpoint>")],
    ])("a wrong region names the right one, told %s", async (_title, answer) => {
      const error = await ask(answer, "list");
      expect(error.code).toBe("invalid_input");
      expect(error.details).toMatch(/^metadata\.region: .*eu-west-1/);
    });
  });

  describe("a read's answer", () => {
    test.each<[string, Answer, string]>([
      ["denial", xml(403, "AccessDenied"), "object_denied skip"],
      ["an empty 403", { status: 403 }, "object_denied skip"],
      ["a wrong secret", xml(403, "SignatureDoesNotMatch"), "source_auth stop"],
      ["no such bucket", xml(404, "NoSuchBucket"), "bucket_missing stop"],
      ["an archived object", xml(403, "InvalidObjectState"), "object_archived skip"],
      ["slow down", xml(503, "SlowDown"), "source_throttled retry"],
    ])("%s", async (_title, answer, verdict) => {
      const error = await ask(answer, "read");
      expect(`${error.code} ${error.effect}`).toBe(verdict);
    });
  });

  describe("no answer", () => {
    const isUnreachable = isSluiceError("source_unreachable", "retry");

    test("a refused connection names the host", async () => {
      const source = openS3Source(settingsAt("http://127.0.0.1:1"), {
        allowEndpoints: null,
        attemptsMax: 1,
        lean,
      });
      await expect(listFirst(source)).rejects.toThrow('"127.0.0.1:1" refuses the connection');
      source.close();
    });

    test("https at a port that speaks http is unreachable, with a sentence about TLS", async () => {
      await withLocalStore(
        () => {},
        async (_, store) => {
          const settings = settingsAt((store.settings.endpoint ?? "").replace("http:", "https:"));
          const source = openS3Source(settings, { allowEndpoints: null, attemptsMax: 1, lean });
          await expect(listFirst(source)).rejects.toThrow("https against http");
          source.close();
        },
      );
    });

    test("a store that never answers is given up", async () => {
      const work = withLocalStore(() => {}, listFirst, { timeouts: { requestMs: 50 } });
      await expect(work).rejects.toSatisfy(isUnreachable);
    });

    test("a listing that stops in the middle is given up", async () => {
      const answer = withLocalStore((_, response) => void response.write("<ListBucketResult>"), listFirst, {
        timeouts: { callMs: 100 },
      });
      await expect(answer).rejects.toSatisfy(isUnreachable);
    });

    test("what passes is asked again, up to the bound", async () => {
      const page = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
      const tries = await withLocalStore(
        (_, response) => void response.writeHead(503).end(),
        async (source, store) => {
          await expect(listFirst(source)).rejects.toSatisfy(isSluiceError("source_throttled", "retry"));
          return store.requests.length;
        },
        { attemptsMax: 2 },
      );
      expect(tries).toBe(2);
      let isFirst = true;
      const healed = await withLocalStore(
        (_, response) => {
          response.writeHead(isFirst ? 500 : 200).end(isFirst ? "" : page);
          isFirst = false;
        },
        listFirst,
        { attemptsMax: 2 },
      );
      expect(healed.objects).toEqual([]);
    });
  });
});
