import { afterEach, beforeEach, expect, test } from "vitest";
import { checkConnectionInput } from "@/lib/connections/schema";
import { type LocalStore, startLocalStore } from "@/lib/source/testing/local-store";
import { checkBucket } from "./check-bucket";
import { oneObjectWithEtag } from "./testing/bucket-store";
import { type Connected, NOW, openConnected } from "./testing/connected";

let bench: Connected;
let store: LocalStore;
/** Whether the SDK sent each request, which counts its attempts in a header of its own. */
let areOfSdk: boolean[];
beforeEach(async () => {
  areOfSdk = [];
  const answer = oneObjectWithEtag("ignored");
  store = await startLocalStore((request, response) => {
    areOfSdk.push("amz-sdk-request" in request.headers);
    answer(request, response);
  });
  bench = await openConnected();
});
afterEach(async () => {
  await bench.remove();
  await store.close();
});

test.each([true, false])("with the lean path %s, each request of a check goes its way", async (leanS3) => {
  const check = await checkBucket({
    input: checkConnectionInput.parse({
      bucket: "docs",
      region: "us-east-1",
      endpoint: store.settings.endpoint,
      addressingStyle: "path",
      credentials: { accessKeyId: "AKIA", secretAccessKey: "secret" },
    }),
    write: bench.database.transaction,
    sourceRules: { allowEndpoints: null, allowAmbientCredentials: false, leanS3 },
    signal: new AbortController().signal,
    now: NOW,
  });
  expect(check.isOk).toBe(true);
  // A listing, a read, and two that try If-Match.
  expect(areOfSdk).toEqual(Array(4).fill(!leanS3));
});
