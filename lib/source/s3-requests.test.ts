import { expect, test } from "vitest";
import type { S3Requests } from "./s3-requests";
import { S3Session } from "./s3-session";
import { BOTH_PATHS, startLocalStore } from "./testing/local-store";
import { ODD_KEYS } from "./testing/odd-keys";

const PAGE = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
const { signal } = new AbortController();

const plain = { ifMatch: null, range: null, bytesMax: 1_000, wants: () => true };

type Asked = {
  path: string;
  query: Record<string, string>;
  headers: string;
  /** The names of all headers, in order, without those by which the SDK talks of itself. */
  names: string[];
  signed: string;
};

const SDK_ONLY: ReadonlySet<string> = new Set([
  "amz-sdk-invocation-id",
  "amz-sdk-request",
  "x-amz-user-agent",
]);

/** What a store is asked for, without what is different each time or says only who asks. */
async function askedOn(lean: boolean, ask: (requests: S3Requests) => Promise<unknown>): Promise<Asked> {
  const asked: Asked[] = [];
  const store = await startLocalStore((request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    const { host, range, "if-match": ifMatch, "x-amz-content-sha256": body, authorization } = request.headers;
    const signed = /SignedHeaders=([^,]+)/.exec(authorization ?? "")?.[1] ?? "";
    asked.push({
      path,
      query: Object.fromEntries(new URLSearchParams(query)),
      headers: JSON.stringify({ host: host?.replace(/\d+$/, ""), range, ifMatch, body }),
      names: Object.keys(request.headers)
        .filter((name) => !SDK_ONLY.has(name))
        .sort(),
      signed,
    });
    response.end(PAGE);
  });
  const session = new S3Session(store.settings, { allowEndpoints: null, lean });
  await ask(session.reach.requests);
  session.close();
  await store.close();
  const [first] = asked;
  if (first === undefined) throw new Error("nothing was asked");
  return first;
}

async function expectSame(ask: (requests: S3Requests) => Promise<unknown>): Promise<Asked> {
  const [lean, sdk] = await Promise.all(BOTH_PATHS.map(([, isLean]) => askedOn(isLean, ask)));
  if (lean === undefined || sdk === undefined) throw new Error("there are two paths");
  expect(lean.path).toBe(sdk.path);
  expect(lean.headers).toBe(sdk.headers);
  // Such as one that asks for checksums, which many servers that are not AWS refuse or garble.
  expect(lean.names).toEqual(sdk.names);
  // The SDK names its operations in the query, which no store asks for.
  const { "x-id": _, ...query } = sdk.query;
  expect(lean.query).toEqual(query);
  return lean;
}

test.each(ODD_KEYS)("both paths ask for %j in the same words", async (key) => {
  await expectSame((requests) => requests.get({ ...plain, key, ifMatch: "abc" }, signal));
  const listed = await expectSame((requests) =>
    requests.list({ prefix: key, startAfter: key, token: null }, signal),
  );
  expect(listed.query).toMatchObject({ prefix: key, "start-after": key, "encoding-type": "url" });
});

test("both paths go on by the token alone, and ask for a range where there is one", async () => {
  const listed = await expectSame((requests) =>
    requests.list({ prefix: "", startAfter: "a", token: "1u+/R=&x" }, signal),
  );
  expect(listed.query).toEqual({
    "list-type": "2",
    "encoding-type": "url",
    "max-keys": "1000",
    "continuation-token": "1u+/R=&x",
  });
  const read = await expectSame((requests) =>
    requests.get({ ...plain, key: "a", range: "bytes=0-0" }, signal),
  );
  expect(read.headers).toContain("bytes=0-0");
});

test("host, time, body, condition and range of a lean request are signed", async () => {
  const { signed } = await askedOn(true, (requests) =>
    requests.get({ ...plain, key: "a", ifMatch: "abc", range: "bytes=0-0" }, signal),
  );
  expect(signed).toBe("host;if-match;range;x-amz-content-sha256;x-amz-date");
});
