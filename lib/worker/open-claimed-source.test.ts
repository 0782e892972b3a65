import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalStore, readListed, startLocalStore } from "@/lib/source/testing/local-store";
import { type Connected, openConnected } from "@/lib/use-cases/testing/connected";
import { findClaimedConnection } from "./claimed-connection";
import { openClaimedSource } from "./open-claimed-source";
import { openSources } from "./open-sources";

let connected: Connected;
let store: LocalStore;
let conditions: (string | undefined)[];
/** Whether the SDK sent each request, which counts its attempts in a header of its own. */
let areOfSdk: boolean[];
beforeEach(async () => {
  conditions = [];
  areOfSdk = [];
  store = await startLocalStore((request, response) => {
    conditions.push(request.headers["if-match"]);
    areOfSdk.push("amz-sdk-request" in request.headers);
    response.writeHead(200, { "content-length": 5, etag: '"abc"' }).end("hello");
  });
  connected = await openConnected({ endpoint: store.settings.endpoint });
});
afterEach(async () => {
  await connected.remove();
  await store.close();
});

async function readOnce(isIfMatchHonoured: boolean | null, lean = true): Promise<void> {
  const { database, vault, connectionId } = connected;
  await database.transaction(({ prisma }) =>
    prisma.connection.update({ where: { id: connectionId }, data: { isIfMatchHonoured } }),
  );
  const claimed = await database.reading((tx) => findClaimedConnection(tx, connectionId));
  if (claimed === null) throw new Error("The connection is gone.");
  const open = openClaimedSource({
    vault,
    allowEndpoints: null,
    allowAmbientCredentials: false,
    lean,
  });
  const sources = openSources({ open, random: () => 0 });
  expect(await readListed(sources.acquire(claimed, "run").source)).toMatchObject({ outcome: "read" });
  sources.close();
}

test("a store that is known not to honour If-Match is not asked that way, one that does is", async () => {
  await readOnce(false);
  await readOnce(true);
  expect(conditions).toEqual([undefined, '"abc"']);
});

test("a store of which nobody could tell is tried once, and asked as it turns out to be", async () => {
  await readOnce(null);
  // It gives the object whatever the condition.
  expect(conditions).toEqual(['"abc"', expect.stringMatching(/^"0+"$/), undefined]);
});

test("the SDK sends the requests where the lean path is off, and only there", async () => {
  await readOnce(true, true);
  await readOnce(true, false);
  expect(areOfSdk).toEqual([false, true]);
});
