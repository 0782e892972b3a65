import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { type ClaimedConnection, findClaimedConnection } from "./claimed-connection";
import { writeCost } from "./metered-source";
import { openSources } from "./open-sources";
import { pacedSource } from "./testing/paced-source";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
let connection: ClaimedConnection;
beforeEach(async () => {
  bench = await openSyncBench({ requestRateMax: 20 });
  const found = await bench.database.reading((tx) => findClaimedConnection(tx, bench.connectionId));
  if (found === null) throw new Error("The connection is gone.");
  connection = found;
});
afterEach(() => bench.remove());

const { signal } = new AbortController();
const list = { prefix: "", startAfter: null, token: null, signal };
const openOver = (bucket: MemorySource) =>
  openSources({ open: (_connection, pace) => pacedSource(() => bucket, pace), random: () => 0.5 });

describe("the bucket of a connection that two runs work on", () => {
  test("is read by each on its own account, whenever the other ends", async () => {
    const bucket = new MemorySource();
    bucket.put("a.txt", "12345");
    const [object] = (await bucket.listPage(list)).objects;
    if (object === undefined) throw new Error("The bucket is empty.");
    let letGo = () => {};
    bucket.beforeRead = () =>
      new Promise<void>((resolve) => {
        letGo = resolve;
      });
    const sources = openOver(bucket);
    const canceled = sources.acquire(connection, "canceled");
    const late = canceled.source.read({ object, bytesMax: 10, signal });
    await vi.waitUntil(() => bucket.counts.read === 1);
    const next = sources.acquire(connection, "next");
    await next.source.listPage(list);
    letGo();
    await late;
    expect(next.drainCost()).toMatchObject({ listRequests: 1, getRequests: 0, bytesRead: 0 });
    expect(canceled.drainCost()).toMatchObject({ listRequests: 0, getRequests: 1, bytesRead: 5 });
    sources.close();
  });

  test("has all that was spent written down once, with what could not be written before", async () => {
    const sources = openOver(new MemorySource());
    const opened = sources.acquire(connection, "run");
    const written: number[] = [];
    for (const isOurs of [null, false, true, true]) {
      await opened.source.listPage(list);
      const writing = writeCost(opened, async ({ listRequests }) => {
        if (isOurs === null) throw new Error("the database is away");
        if (isOurs) written.push(listRequests);
        return isOurs;
      });
      await writing.catch(() => undefined);
    }
    expect(written).toEqual([3, 1]);
    sources.close();
  });

  test("is asked at one pace", async () => {
    const sources = openOver(new MemorySource());
    const runs = [sources.acquire(connection, "one"), sources.acquire(connection, "other")];
    const startedAt = performance.now();
    for (let round = 0; round < 3; round++) {
      await Promise.all(runs.map(({ source }) => source.listPage(list)));
    }
    // Six requests at twenty a second: five pauses.
    expect(performance.now() - startedAt).toBeGreaterThan(240);
    sources.close();
  });

  test("bears no more for either once it has asked one of them to slow down", async () => {
    let throttle = () => {};
    const sources = openSources({
      open: (_connection, pace) => {
        throttle = () => pace.settle("list", "throttled", null, 1);
        return new MemorySource();
      },
      random: () => 0.5,
    });
    const runs = [sources.acquire(connection, "one"), sources.acquire(connection, "other")];
    expect(runs.map((run) => run.bearsMore())).toEqual([true, true]);
    throttle();
    expect(runs.map((run) => run.bearsMore())).toEqual([false, false]);
    sources.close();
  });

  test("is the same for those who list and those who read for one run, and closed when nobody has it", () => {
    const sources = openOver(new MemorySource());
    expect(sources.acquireOpen("run")).toBeNull();
    const listing = sources.acquire(connection, "run");
    const reading = sources.acquireOpen("run");
    expect(reading?.source).toBe(listing.source);
    expect(sources.acquireOpen("another")).toBeNull();
    sources.close();
    expect(sources.acquireOpen("run")).toBeNull();
  });
});
