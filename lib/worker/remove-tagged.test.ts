import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { DELETED_AWAITED_MS } from "@/lib/core/limits";
import { beginTagDeletion, markNextTagged } from "@/lib/db/sql/deleted-documents";
import { embeddedDestination } from "@/lib/destination/embedded";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { removeDeleted } from "./remove-deleted";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ containerTags: ["one"] });
  for (let at = 0; at < 7; at++) bench.bucket.put(`${at}.txt`, "text");
  await bench.sync();
});
afterEach(() => bench.remove());

const marks = () => bench.database.reading(({ prisma }) => prisma.deletedDocument.count());

/** Begins a deletion by tags, and goes through its first documents. */
const begin = (tags: string[], countMax: number) =>
  bench.database.transaction(async (tx) => {
    await beginTagDeletion(tx, { id: "cut", tags, askedAt: bench.clock.now });
    return markNextTagged(tx, "cut", countMax);
  });

async function removeAll(): Promise<void> {
  for (let piece = 0; piece < 50; piece++) {
    if (!(await removeDeleted(bench.database, embeddedDestination))) return;
  }
  throw new Error("Removing never came to an end.");
}

describe("a deletion by tags that was cut", () => {
  test("goes on, and spares what came after it", async () => {
    expect(await begin(["one"], 3)).toBe(true);
    expect(await marks()).toBe(3);
    const { clock, database, connectionId } = bench;
    const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
    clock.now += 1_000;
    await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
    for (let at = 0; at < 20; at++) bench.bucket.put(`new/${at}.txt`, "text");
    clock.now += DELETED_AWAITED_MS + 1;
    await bench.sync({ isResumed: true });
    await removeAll();
    const left = (await bench.documents()).map(({ key }) => key);
    expect(left).toHaveLength(20);
    expect(left.every((key) => key?.startsWith("new/"))).toBe(true);
    expect((await bench.sync()).tally).toMatchObject({ unchanged: 20, skipped: { deleted_by_person: 7 } });
  });

  test("marks no document that lacks one of the tags, and looks at no more of them than a piece", async () => {
    const rows = await bench.database.reading(({ prisma }) =>
      prisma.document.findMany({ orderBy: { serial: "asc" } }),
    );
    const ids = rows.map(({ id }) => id);
    await bench.database.transaction(({ prisma }) =>
      prisma.documentTag.create({ data: { documentSerial: rows.at(-1)?.serial ?? 0n, tag: "rare" } }),
    );
    // The first three have only the first tag: nothing is marked, and the rest is left to the next pieces.
    expect(await begin(["one", "rare"], 3)).toBe(true);
    expect(await marks()).toBe(0);
    const place = await bench.database.reading(({ prisma }) => prisma.tagDeletion.findFirstOrThrow());
    expect(place.afterSerial).toBe(rows[2]?.serial);
    await removeAll();
    expect((await bench.documents()).map(({ id }) => id).sort()).toEqual(ids.slice(0, -1).sort());
  });
});
