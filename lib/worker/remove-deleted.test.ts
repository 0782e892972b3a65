import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { getConnection } from "@/lib/connections/get-connection";
import { CHUNKS_REMOVED_MAX, DELETED_AWAITED_MS } from "@/lib/core/limits";
import { markDeleted } from "@/lib/db/sql/deleted-documents";
import type { Destination } from "@/lib/destination/destination";
import { embeddedDestination } from "@/lib/destination/embedded";
import { getDocument } from "@/lib/documents/get-document";
import { listDocuments } from "@/lib/documents/list-documents";
import { originOf } from "@/lib/rules/object-uri";
import { searchDocuments } from "@/lib/search/search-documents";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { deleteDocument } from "@/lib/use-cases/delete-documents";
import { disconnect } from "@/lib/use-cases/disconnect";
import { adoptLeftBehind } from "./adopt-left-behind";
import { removeDeleted } from "./remove-deleted";
import { removeDisconnected } from "./remove-disconnected";
import { connectBench, TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";
import { tidyAll } from "./testing/tidy-all";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ containerTags: ["one"] });
  bench.bucket.put("a.txt", "the heron waits");
  bench.bucket.put("b.txt", "the heron flies");
  await bench.sync();
});
afterEach(() => bench.remove());

const uri = (key: string) => `s3://bench/${key}`;

const drop = (key: string) =>
  bench.database.transaction((tx) =>
    deleteDocument({ actor: TESTER, tx, now: bench.clock.now, input: { reference: uri(key) } }),
  );

async function removeAll(): Promise<void> {
  for (let piece = 0; piece < 50; piece++) {
    if (!(await removeDeleted(bench.database, embeddedDestination))) return;
  }
  throw new Error("Removing never came to an end.");
}

/** The connection goes for good, and its documents stay. */
async function leaveDocuments(): Promise<void> {
  const input = { id: bench.connectionId, deleteDocuments: false };
  await bench.database.transaction((tx) => disconnect({ actor: TESTER, tx, input, now: bench.clock.now }));
  for (let piece = 0; await removeDisconnected(bench.database, embeddedDestination); piece++) {
    if (piece > 50) throw new Error("Removing never came to an end.");
  }
}

/** Queues a run that has waited for the rows of deleted documents for as long as it may. */
async function waitInVain(): Promise<void> {
  const { connectionId, clock, database } = bench;
  const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
  await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
  clock.now += DELETED_AWAITED_MS + 1;
}

/** A sync while rows of deleted documents are there. */
async function syncBeside() {
  await waitInVain();
  return bench.sync({ isResumed: true });
}

/** What people and programs find: by lists, by name, and by search. */
const found = () =>
  bench.database.reading(async (tx) => {
    const { documents } = await listDocuments({ actor: TESTER, tx, input: { page: 1, limit: 100 } });
    const keys = documents.map(({ key }) => key ?? "").sort();
    const named: string[] = [];
    for (const key of ["a.txt", "b.txt"]) {
      const document = await getDocument({ actor: TESTER, tx, input: { reference: uri(key) } }).catch(
        () => null,
      );
      if (document !== null) named.push(key);
    }
    const input = { q: "heron", tags: [], allowedTags: null, limit: 10 };
    const searched = (await searchDocuments({ sql: tx.sql, input })).length;
    return { keys, named, searched };
  });

const rows = async () => (await bench.documents()).map(({ key }) => key);
const marks = () => bench.database.reading(({ prisma }) => prisma.deletedDocument.count());

const BOTH = { keys: ["a.txt", "b.txt"], named: ["a.txt", "b.txt"], searched: 2 };
const WITHOUT_A = { keys: ["b.txt"], named: ["b.txt"], searched: 1 };

describe("a document that is deleted", () => {
  test("is gone at once, its rows soon, and its object is skipped by every sync until it changes", async () => {
    await drop("a.txt");
    expect(await found()).toEqual(WITHOUT_A);
    expect(await rows()).toEqual(["a.txt", "b.txt"]);
    const input = { id: bench.connectionId };
    const shown = await bench.database.reading((tx) => getConnection({ actor: TESTER, tx, input }));
    expect(shown.documentCount).toBe(1);

    await removeAll();
    expect(await rows()).toEqual(["b.txt"]);
    expect(await marks()).toBe(0);
    for (let turn = 0; turn < 2; turn++) {
      const { tally, getRequests } = await bench.sync();
      expect(tally).toMatchObject({ unchanged: 1, added: 0, skipped: { deleted_by_person: 1 } });
      expect(getRequests).toBe(0);
    }
    expect(await bench.objects()).toEqual({ "a.txt": "skipped: deleted_by_person", "b.txt": "stored" });

    bench.bucket.put("a.txt", "another heron");
    expect((await bench.sync()).tally).toMatchObject({ unchanged: 1, added: 1, skipped: {} });
    expect(await found()).toEqual(BOTH);
  });

  test("comes back when everything is read again", async () => {
    await drop("a.txt");
    await removeAll();
    expect((await bench.sync({ kind: "reread" })).tally).toMatchObject({ added: 1, updated: 1, skipped: {} });
    expect(await found()).toEqual(BOTH);
  });

  test("stays away through rules that leave its object out and let it in again", async () => {
    await drop("a.txt");
    await removeAll();
    const filter = (excludeGlobs: string) =>
      bench.database.transaction(({ prisma }) =>
        prisma.connection.update({ where: { id: bench.connectionId }, data: { excludeGlobs } }),
      );
    await filter('["a*"]');
    await bench.sync();
    await filter("[]");
    expect((await bench.sync()).tally.skipped).toEqual({ deleted_by_person: 1 });
  });

  test("keeps its rows while a run is under way, and loses them afterwards", async () => {
    bench.bucket.put("c.txt", "waits to be read");
    expect((await bench.listOnly()).status).toBe("running");
    await drop("a.txt");
    expect(await removeDeleted(bench.database, embeddedDestination)).toBe(false);
    expect(await rows()).toEqual(["a.txt", "b.txt"]);
    expect(await found()).toEqual(WITHOUT_A);

    bench.clock.now += 60_000;
    expect((await bench.sync({ isResumed: true })).status).toBe("completed");
    await removeAll();
    expect(await rows()).toEqual(["b.txt", "c.txt"]);
    expect((await bench.sync()).tally.skipped).toEqual({ deleted_by_person: 1 });
  });

  test("is back with a version of its object that is newer than the deletion", async () => {
    await drop("a.txt");
    bench.bucket.put("a.txt", "a heron, newer");
    await syncBeside();
    await removeAll();
    expect(await found()).toEqual(BOTH);
    expect(await marks()).toBe(0);
  });

  test("is there whole as long as its removal is not through", async () => {
    await drop("a.txt");
    const cut: Destination = {
      ...embeddedDestination,
      remove: async (tx, ids) => {
        await embeddedDestination.remove(tx, ids);
        throw new Error("the process is killed");
      },
    };
    await expect(removeDeleted(bench.database, cut)).rejects.toThrow("killed");
    await tidyAll(bench.database);
    bench.bucket.put("a.txt", "a heron, newer");
    await syncBeside();
    await removeAll();
    expect(await found()).toEqual(BOTH);
    expect((await bench.sync()).tally).toMatchObject({ unchanged: 2, skipped: {} });
  });

  test("that had failed stays away as well", async () => {
    bench.bucket.put("c.txt", "!fail");
    await bench.sync();
    await drop("c.txt");
    await removeAll();
    expect((await bench.sync()).tally).toMatchObject({ failed: 0, skipped: { deleted_by_person: 1 } });
    expect(await rows()).toEqual(["a.txt", "b.txt"]);
  });

  test("of many passages leaves none of them", async () => {
    const passages = Array.from({ length: 700 }, (_, at) => `heron ${at}`);
    bench.bucket.put("a.txt", passages.join("\f"));
    await bench.sync();
    await drop("a.txt");
    await removeAll();
    await tidyAll(bench.database);
    const left = await bench.database.reading(({ prisma }) => prisma.chunk.count());
    expect(left).toBe(1);
    expect(await found()).toEqual(WITHOUT_A);
  });

  test("goes with others of much text, each with its object", async () => {
    const chunkCount = CHUNKS_REMOVED_MAX + 1;
    await bench.database.transaction(({ prisma }) => prisma.document.updateMany({ data: { chunkCount } }));
    await drop("a.txt");
    await drop("b.txt");
    expect(await removeDeleted(bench.database, embeddedDestination)).toBe(true);
    expect(Object.values(await bench.objects()).sort()).toEqual(["skipped: deleted_by_person", "stored"]);
    await removeAll();
    expect(await rows()).toEqual([]);
    expect((await bench.sync()).tally.skipped).toEqual({ deleted_by_person: 2 });
  });

  test("goes also where its connection went meanwhile and left its documents", async () => {
    await drop("a.txt");
    await leaveDocuments();
    await removeAll();
    expect(await rows()).toEqual(["b.txt"]);
    expect(await marks()).toBe(0);
  });

  test("stays away from a connection that has adopted it before its rows were gone", async () => {
    await leaveDocuments();
    await drop("a.txt");
    const id = await connectBench(bench.database, {}, bench.clock.now);
    const origin = originOf({ bucket: "bench", endpoint: null });
    const place = { connectionId: id, origin, prefix: "", prefixEnd: null };
    const { reading: read, transaction: write } = bench.database;
    expect(await adoptLeftBehind({ read, write }, place)).toBe(2);
    await removeAll();
    expect(await found()).toEqual(WITHOUT_A);
    expect(await bench.objects()).toEqual({ "a.txt": "skipped: deleted_by_person", "b.txt": "stored" });
  });

  test("waits for no run but those of its own connection", async () => {
    const other = await connectBench(bench.database, {}, bench.clock.now);
    const [busy = "", idle = ""] = [bench.connectionId, other].sort();
    await bench.database.transaction(async (tx) => {
      const facts = { type: "text", status: "done", createdAt: 1n, updatedAt: 1n };
      const data = [busy, idle].map((connectionId) => ({ id: `of ${connectionId}`, connectionId, ...facts }));
      await tx.prisma.document.createMany({ data });
      await markDeleted(
        tx,
        data.map(({ id }) => id),
      );
      const run = { id: "busy", revision: 1, trigger: "manual", requestedBy: "test", queuedAt: 1n };
      await tx.prisma.syncRun.create({ data: { ...run, connectionId: busy, status: "running" } });
    });
    await removeAll();
    const left = await bench.database.reading(({ prisma }) => prisma.deletedDocument.findMany());
    expect(left.map(({ documentId }) => documentId)).toEqual([`of ${busy}`]);
  });
});
