import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createConnection } from "@/lib/connections/create-connection";
import { connectBucketInput } from "@/lib/connections/schema";
import { ABSENT_PIECE_KEYS } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import type { AdoptionPlace } from "@/lib/db/sql/adoption";
import { embeddedDestination } from "@/lib/destination/embedded";
import { originOf } from "@/lib/rules/object-uri";
import { disconnect } from "@/lib/use-cases/disconnect";
import { adoptLeftBehind } from "./adopt-left-behind";
import { removeDisconnected } from "./remove-disconnected";
import { TESTER } from "./testing/bench-worker";
import { openSyncBench, type SyncBench } from "./testing/sync-bench";

let bench: SyncBench;
beforeEach(async () => {
  bench = await openSyncBench({ containerTags: ["one"] });
  bench.bucket.put("good.txt", "text");
  bench.bucket.put("bad.txt", "!fail");
  await bench.sync();
});
afterEach(() => bench.remove());

async function leave(deleteDocuments: boolean): Promise<void> {
  const input = { id: bench.connectionId, deleteDocuments };
  await bench.database.transaction((tx) => disconnect({ actor: TESTER, tx, input, now: bench.clock.now }));
}

async function sweep(): Promise<void> {
  for (let piece = 0; piece < 50; piece++) {
    if (!(await removeDisconnected(bench.database, embeddedDestination))) return;
  }
  throw new Error("Removing never came to an end.");
}

async function connectAnew(): Promise<{ id: string; adopted: number }> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const settings = connectBucketInput.parse({ bucket: "bench", region: "us-east-1", credentials });
  const place = await bench.database.transaction(async (tx) => {
    const input = {
      ...settings,
      addressingStyle: "path",
      sealedCredentials: "sealed",
      nextRunAt: null,
    } as const;
    const { id } = await createConnection({ actor: TESTER, tx, now: bench.clock.now, input });
    return { connectionId: id, origin: originOf(settings), prefix: "", prefixEnd: null };
  });
  return { id: place.connectionId, adopted: await adopt(place) };
}

const adopt = (place: AdoptionPlace) =>
  adoptLeftBehind({ read: bench.database.reading, write: bench.database.transaction }, place);

describe("disconnecting", () => {
  test("with its documents leaves nothing", async () => {
    await leave(true);
    await sweep();
    expect(await bench.documents()).toEqual([]);
    expect(await bench.objects()).toEqual({});
  });

  test("of many removals on hold takes them away piece by piece", async () => {
    const { connectionId } = bench;
    const keys = Array.from({ length: 1_200 }, (_, at) => ({ holdId: "h", key: `${at}` }));
    await bench.database.transaction(async ({ prisma }) => {
      const hold = { id: "h", connectionId, runId: "r", status: "open", reason: "many", createdAt: 1n };
      await prisma.hold.create({ data: hold });
      await prisma.holdKey.createMany({ data: keys });
    });
    await leave(true);
    const countKeys = () => bench.database.reading(({ prisma }) => prisma.holdKey.count());
    const left = new Set<number>();
    for (let piece = 0; piece < 50; piece++) {
      left.add(await countKeys());
      if (!(await removeDisconnected(bench.database, embeddedDestination))) break;
    }
    expect([...left]).toEqual([1_200, 700, 200, 0]);
    expect(await bench.database.reading(({ prisma }) => prisma.connection.count())).toBe(0);
  });

  test("that keeps documents keeps those with text, for the next connection over the bucket, with their ids", async () => {
    const before = (await bench.documents()).find(({ key }) => key === "good.txt");
    await leave(false);
    await sweep();
    expect((await bench.documents()).map(({ key }) => key)).toEqual(["good.txt"]);
    expect(await connectAnew()).toMatchObject({ adopted: 1 });
    expect((await bench.documents())[0]?.id).toBe(before?.id);
    expect(await bench.objects()).toEqual({ "good.txt": "stored" });
  });

  test("of two kept documents of one key one is adopted, so that none is without an object", async () => {
    await leave(false);
    await sweep();
    await bench.database.transaction(async ({ prisma }) => {
      const kept = await prisma.document.findFirstOrThrow({ omit: { serial: true } });
      await prisma.document.create({ data: { ...kept, id: "of another connection", sourceModified: 1n } });
    });
    const { id, adopted } = await connectAnew();
    expect(adopted).toBe(1);
    const owned = await bench.database.reading(({ prisma }) =>
      prisma.document.count({ where: { connectionId: id } }),
    );
    expect(owned).toBe(1);
  });
});

describe("a connection whose bucket an earlier one has left documents of", () => {
  /** As if its first run were still to come, and its documents were of an earlier connection. */
  const forget = () =>
    bench.database.transaction(async ({ prisma }) => {
      await prisma.document.deleteMany({ where: { content: null } });
      await prisma.document.updateMany({ data: { connectionId: null } });
      await prisma.sourceObject.deleteMany();
      await prisma.syncRun.deleteMany();
    });

  test("adopts them when its first run begins, and reads none of them again", async () => {
    bench.bucket.remove("bad.txt");
    await forget();
    const [before] = await bench.documents();
    const run = await bench.sync();
    expect(run).toMatchObject({ tally: { listed: 1, unchanged: 1, added: 0 }, getRequests: 0 });
    expect((await bench.documents())[0]).toEqual(before);
  });

  test("adopts none when it has listed before, and reads what is there", async () => {
    bench.bucket.remove("bad.txt");
    await bench.sync();
    await bench.database.transaction(async ({ prisma }) => {
      await prisma.document.updateMany({ data: { id: "of an earlier one", connectionId: null } });
      await prisma.sourceObject.deleteMany();
    });
    expect(await bench.sync()).toMatchObject({ tally: { added: 1, unchanged: 0 } });
  });

  test("adopts very many of them some at a time, and goes on where it was cut", async () => {
    await forget();
    const many = ABSENT_PIECE_KEYS * 2 + 100;
    const { connectionId, database } = bench;
    const [kept] = await database.reading(({ prisma }) =>
      prisma.document.findMany({ omit: { serial: true } }),
    );
    if (kept === undefined) throw new Error("Nothing was left behind.");
    const left = Array.from({ length: many }, (_, at) => ({
      ...kept,
      id: `d${at}`,
      objectKey: `more/${at}`,
    }));
    await database.transaction(({ prisma }) => prisma.document.createMany({ data: left }));
    const place = { connectionId, origin: kept.origin ?? "", prefix: "more/", prefixEnd: "more0" };
    const adopted = () =>
      database.reading(({ prisma }) => prisma.document.count({ where: { connectionId } }));
    const sizes: number[] = [];
    const write: Database["transaction"] = async (work) => {
      if (sizes.length === 1) throw new Error("the process has ended");
      const before = await adopted();
      const result = await database.transaction(work);
      sizes.push((await adopted()) - before);
      return result;
    };
    await expect(adoptLeftBehind({ read: database.reading, write }, place)).rejects.toThrow("has ended");
    expect(sizes).toEqual([ABSENT_PIECE_KEYS]);
    expect(await adopt(place)).toBe(many - ABSENT_PIECE_KEYS);
    expect(await adopted()).toBe(many);
    expect(await database.reading(({ prisma }) => prisma.sourceObject.count())).toBe(many);
    expect(await adopt(place)).toBe(0);
  });
});
