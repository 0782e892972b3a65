import type { RequestListener } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openS3Source } from "@/lib/source/s3-source";
import { type LocalStore, startLocalStore } from "@/lib/source/testing/local-store";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const TEXT = "One text, whose ETag is another in each place.";
const LISTING = `<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>a.txt</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified><ETag>&quot;listed&quot;</ETag><Size>${TEXT.length}</Size></Contents></ListBucketResult>`;

/** A store behind a proxy that gives each answer an ETag of the proxy's own, and so refuses the listed one. */
const rewriteEtags: RequestListener = (request, response) => {
  if (request.url?.includes("prefix=a.txt") && isChanged) response.end(LISTING.replace("listed", "changed"));
  else if (request.url?.includes("list-type=2")) response.end(LISTING);
  else if (request.headers["if-match"] !== undefined) response.writeHead(412).end();
  else {
    const headers = { etag: '"read"', "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT" };
    response.writeHead(200, headers).end(TEXT);
  }
};

/** Since the run listed it, and all the time. */
let isChanged: boolean;

let bench: SyncBench;
let store: LocalStore;
beforeEach(async () => {
  isChanged = false;
  store = await startLocalStore(rewriteEtags);
  bench = await openSyncBench();
});
afterEach(async () => {
  await bench.remove();
  await store.close();
});

async function sync(isIfMatchHonoured: boolean | null = false) {
  const source = openS3Source(store.settings, { allowEndpoints: null, isIfMatchHonoured });
  try {
    return await bench.sync({ source });
  } finally {
    source.close();
  }
}

const isHonouredByConnection = async () =>
  (await bench.database.reading(({ prisma }) => prisma.connection.findFirstOrThrow())).isIfMatchHonoured;

const etags = () =>
  bench.database.reading(async ({ prisma }) => {
    const object = await prisma.sourceObject.findFirstOrThrow();
    const document = await prisma.document.findFirstOrThrow();
    return { listed: object.listedEtag, stored: object.storedEtag, source: document.sourceEtag };
  });

test("the ETag of the listing and that of the read are stored apart, and the next run changes and gets nothing", async () => {
  expect(await sync()).toMatchObject({ tally: { listed: 1, added: 1, failed: 0 }, getRequests: 1 });
  expect(await etags()).toEqual({ listed: "listed", stored: "listed", source: "read" });
  const documents = await bench.documents();
  expect(documents).toMatchObject([{ key: "a.txt", content: TEXT }]);

  const again = await sync();
  expect(again).toMatchObject({
    status: "completed",
    tally: { listed: 1, unchanged: 1, added: 0, updated: 0 },
  });
  expect(store.requests.filter((line) => line.includes("a.txt"))).toHaveLength(1);
  expect(await bench.documents()).toEqual(documents);
  expect(await etags()).toEqual({ listed: "listed", stored: "listed", source: "read" });
});

test("where the check could not tell, as of an empty bucket, the first read does, and the connection remembers", async () => {
  expect(await isHonouredByConnection()).toBeNull();
  expect(await sync(null)).toMatchObject({ tally: { listed: 1, added: 1, failed: 0 } });
  expect(await isHonouredByConnection()).toBe(false);
  expect(await sync(await isHonouredByConnection())).toMatchObject({
    tally: { unchanged: 1 },
    getRequests: 0,
  });
});

test("an object that was changed since it was listed tells nothing of its store", async () => {
  isChanged = true;
  expect(await sync(null)).toMatchObject({ tally: { listed: 1, failed: 1 } });
  expect(await isHonouredByConnection()).toBeNull();
});
