import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DELETED_AWAITED_MS, LEASE_MS } from "@/lib/core/limits";
import { markDeleted } from "@/lib/db/sql/deleted-documents";
import type { Destination } from "@/lib/destination/destination";
import { embeddedDestination } from "@/lib/destination/embedded";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { claimNextRun } from "./claim-run";
import { removeDeleted } from "./remove-deleted";
import { connectBench } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench();
  for (const key of ["a.txt", "b.txt", "c.txt"]) bench.bucket.put(key, key);
  await bench.sync();
});
afterEach(() => bench.remove());

const idOf = async (wanted: string) =>
  (await bench.documents()).find(({ key }) => key === wanted)?.id ?? wanted;
const mark = (...ids: string[]) => bench.database.transaction((tx) => markDeleted(tx, ids));
const enqueue = (connectionId = bench.connectionId) =>
  bench.database.transaction((tx) =>
    enqueueRun({
      tx,
      now: bench.clock.now,
      input: { connectionId, trigger: "manual", requestedBy: "test" },
    }),
  );
const claim = () => claimNextRun({ database: bench.database, workerId: "bench", now: bench.clock.now });

/** A destination that refuses to let these documents go. */
const keeping = (...ids: string[]): Destination => ({
  ...embeddedDestination,
  remove: async (tx, asked) => {
    if (ids.some((id) => asked.includes(id))) throw new TypeError("this one stays");
    return embeddedDestination.remove(tx, asked);
  },
});

/** Removes until nothing can be removed any more; resolves with what it ended with. */
async function removeAll(destination: Destination = embeddedDestination): Promise<string> {
  for (let piece = 0; piece < 50; piece++) {
    try {
      if (!(await removeDeleted(bench.database, destination))) return "all is removed";
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : "unknown";
    }
  }
  throw new Error("Removing never came to an end.");
}

const keys = async () => (await bench.documents()).map(({ key }) => key);

describe("a run that is asked for after documents were deleted", () => {
  test("begins when their rows are gone, and counts none of them as unchanged", async () => {
    await mark(await idOf("a.txt"), await idOf("b.txt"));
    await enqueue();
    expect(await claim()).toBeNull();
    expect(await removeAll()).toBe("all is removed");
    expect((await bench.sync({ isResumed: true })).tally).toMatchObject({
      unchanged: 1,
      skipped: { deleted_by_person: 2 },
    });
  });

  test("waits for those of its own connection alone", async () => {
    const other = await connectBench(bench.database, {}, bench.clock.now);
    await mark(await idOf("a.txt"));
    await enqueue();
    await enqueue(other);
    expect((await claim())?.lease.connectionId).toBe(other);
    expect(await claim()).toBeNull();
  });

  test("goes on when it had begun before, since their removal waits for it", async () => {
    await enqueue();
    const begun = await claim();
    await mark(await idOf("a.txt"));
    bench.clock.now += LEASE_MS + 1;
    expect((await claim())?.lease.runId).toBe(begun?.lease.runId);
  });

  test("begins at last where one of them cannot be removed", async () => {
    await mark(await idOf("a.txt"));
    await enqueue();
    expect(await removeAll(keeping(await idOf("a.txt")))).toBe("this one stays");
    expect(await claim()).toBeNull();
    bench.clock.now += DELETED_AWAITED_MS + 1;
    expect((await bench.sync({ isResumed: true })).status).toBe("completed");
  });
});

describe("a deleted document that cannot be removed", () => {
  test("keeps none of the others of its connection", async () => {
    const stays = await idOf("b.txt");
    await mark(await idOf("a.txt"), stays, await idOf("c.txt"));
    expect(await removeAll(keeping(stays))).toBe("this one stays");
    expect(await keys()).toEqual(["b.txt"]);
    expect(await removeAll()).toBe("all is removed");
    expect(await keys()).toEqual([]);
  });

  test("keeps none of another connection", async () => {
    const facts = { type: "text", status: "done", createdAt: 1n, updatedAt: 1n };
    const other = await connectBench(bench.database, {}, bench.clock.now);
    const ofBoth = [bench.connectionId, other].map((connectionId) => ({
      id: `of ${connectionId}`,
      connectionId,
    }));
    await bench.database.transaction(({ prisma }) =>
      prisma.document.createMany({ data: ofBoth.map((one) => ({ ...facts, ...one })) }),
    );
    await mark(...ofBoth.map(({ id }) => id));
    const [first = ""] = ofBoth.map(({ id }) => id).sort();
    expect(await removeAll(keeping(first))).toBe("this one stays");
    const left = await bench.database.reading(({ prisma }) => prisma.deletedDocument.findMany());
    expect(left.map(({ documentId }) => documentId)).toEqual([first]);
  });

  test("ends the removal where the database is in trouble, and no other is tried", async () => {
    await mark(await idOf("a.txt"), await idOf("b.txt"));
    let tries = 0;
    const remove = async () => {
      tries += 1;
      throw Object.assign(new Error("the disk is broken"), { code: "SQLITE_IOERR" });
    };
    expect(await removeAll({ ...embeddedDestination, remove })).toBe("the disk is broken");
    expect(tries).toBe(1);
  });
});
