import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "@/lib/db/database";
import { claimBatch } from "@/lib/db/sql/read-batches";
import type { Destination } from "@/lib/destination/destination";
import { embeddedDestination } from "@/lib/destination/embedded";
import type { ReadOutcome } from "@/lib/sync/batch-store";
import { openBatchStore } from "./batch-store";
import { findClaimedConnection } from "./claimed-connection";
import { asText } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

const WAITING_MS = 5_000;
const STORING_MS = 40;

let bench: SyncBench;
let monotonicMs = 0;
beforeEach(async () => {
  monotonicMs = 0;
  bench = await openSyncBench();
  bench.bucket.put("a.txt", "text");
  await bench.listOnly();
});
afterEach(() => bench.remove());

test("storing says how long its transaction was open, without the time it waited for its turn", async () => {
  const { connectionId, clock } = bench;
  const database: Database = {
    ...bench.database,
    transaction: (work) => {
      monotonicMs += WAITING_MS;
      return bench.database.transaction(work);
    },
  };
  const destination: Destination = {
    ...embeddedDestination,
    store: async (...args) => {
      monotonicMs += STORING_MS;
      return embeddedDestination.store(...args);
    },
  };
  const run = await database.reading(({ prisma }) => prisma.syncRun.findFirstOrThrow());
  const claim = { runId: run.id, leaseToken: "reader", leaseUntil: clock.now + 60_000, now: clock.now };
  const position = await database.transaction((tx) => claimBatch(tx, claim));
  const claimed = await database.reading((tx) => findClaimedConnection(tx, connectionId));
  if (position === null || claimed === null) throw new Error("There is no batch to read.");
  const store = openBatchStore({
    database,
    destination,
    batch: { runId: run.id, position, connectionId, revision: run.revision, leaseToken: "reader" },
    settings: claimed.settings,
    drainCost: () => {
      throw new Error("nothing is closed");
    },
    now: () => clock.now,
    monotonicMs: () => monotonicMs,
  });
  const outcomes = (await store.nextToRead()).map((queued): ReadOutcome => {
    const document = asText("a.txt", "text");
    if (document.outcome !== "text") throw new Error("It is a text.");
    return { kind: "stored", queued, etag: "e", lastModified: 1, document };
  });
  expect(outcomes).toHaveLength(1);
  expect(await store.recordOutcomes(outcomes)).toBe(STORING_MS);
});
