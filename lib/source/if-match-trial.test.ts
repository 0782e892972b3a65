import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { checkSource } from "./check-source";
import type { S3Timeouts } from "./s3-timeouts";
import { BOTH_PATHS, startLocalStore } from "./testing/local-store";

const OWN = '"abc"';

/** A store with one object, and what it makes of a condition. */
function storeThat(judge: RequestListener, etag = OWN): RequestListener {
  const listed = `<Contents><Key>a.txt</Key><Size>5</Size><ETag>${etag.replaceAll('"', "&quot;")}</ETag></Contents>`;
  return (request, response) => {
    if (request.url?.includes("list-type=2")) {
      response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${listed}</ListBucketResult>`);
    } else if (request.headers["if-match"] !== undefined) judge(request, response);
    else oneByte(request, response);
  };
}

const oneByte: RequestListener = (_, response) =>
  void response.writeHead(206, { "content-length": 1, etag: OWN }).end("h");
const refuse: RequestListener = (_, response) => void response.writeHead(412).end();

describe.each(BOTH_PATHS)("on %s", (_path, lean) => {
  const check = async (answer: RequestListener, timeouts: Partial<S3Timeouts> = {}) => {
    const store = await startLocalStore(answer);
    try {
      const { settings } = store;
      const { signal } = new AbortController();
      const options = { allowEndpoints: null, lean, timeouts };
      const found = await checkSource({ settings, prefix: "", signal, ...options });
      expect(found.error).toBeNull();
      return { isHonoured: found.isIfMatchHonoured, requests: store.requests.length };
    } finally {
      await store.close();
    }
  };

  test.each<[string, RequestListener, boolean | null]>([
    [
      "gives its own version and refuses another",
      (request, response) => (request.headers["if-match"] === OWN ? oneByte : refuse)(request, response),
      true,
    ],
    ["gives whatever version is asked for", oneByte, false],
    ["refuses the version that it listed itself", refuse, false],
    ["breaks on a condition", (request) => void request.socket.destroy(), null],
    ["fails on a condition", (_, response) => void response.writeHead(500).end(), null],
    ["has lost the object by then", (_, response) => void response.writeHead(404).end(), null],
  ])("a store that %s is known as such, and the check passes", async (_what, judge, expected) => {
    expect((await check(storeThat(judge))).isHonoured).toBe(expected);
  });

  test("a store without ETags is not asked", async () => {
    expect(await check(storeThat(refuse, ""))).toEqual({ isHonoured: null, requests: 2 });
  });

  test("a store that never answers to a condition costs the check some time, and not its success", async () => {
    const asked = check(
      storeThat(() => {}),
      { ifMatchTrialMs: 200 },
    );
    expect((await asked).isHonoured).toBeNull();
  });
});
