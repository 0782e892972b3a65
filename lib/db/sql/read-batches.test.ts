import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database, Tx } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { type BatchLease, claimBatch, demandBatch, findBatchesToRead, stopRun } from "./read-batches";
import { closeFence } from "./run-fence";

let database: Database;
let remove: () => Promise<void>;

const LEASE: BatchLease = { runId: "r", position: 0, connectionId: "c", revision: 1, leaseToken: "w:1" };
const STOP = { code: "source_auth", message: "The key is refused." };

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma }) => {
    await prisma.connection.create({ data: connection("c") });
    await prisma.syncRun.create({ data: syncRun("r", "c") });
    const batch = { runId: "r", connectionId: "c" };
    await prisma.readBatch.create({ data: { ...batch, position: 0, leaseToken: "w:1" } });
    await prisma.readBatch.create({ data: { ...batch, position: 1, leaseToken: "w:2" } });
  });
});
afterEach(() => remove());

const run = () => database.reading(({ prisma }) => prisma.syncRun.findUniqueOrThrow({ where: { id: "r" } }));

describe("what ends a run, said by a reader", () => {
  test("is written to the run, and the first word counts", async () => {
    await database.transaction((tx) => stopRun(tx, LEASE, STOP));
    await database.transaction((tx) => stopRun(tx, LEASE, { code: "internal", message: "later" }));
    expect(await run()).toMatchObject({ errorCode: "source_auth", error: "The key is refused." });
  });

  test.each<[string, BatchLease]>([
    ["belongs to another", { ...LEASE, leaseToken: "other:1" }],
    ["is read to its end", { ...LEASE, position: 7 }],
    ["is of no run", { ...LEASE, runId: "gone" }],
  ])("is not heard from one whose batch %s", async (_what, batch) => {
    await database.transaction((tx) => stopRun(tx, batch, STOP));
    expect(await run()).toMatchObject({ errorCode: null });
  });
});

describe("batches that are read", () => {
  const other: BatchLease = { ...LEASE, position: 1, leaseToken: "w:2" };
  const find = () => database.reading((tx) => findBatchesToRead(tx, [LEASE, other]));

  test("go on while their run does", async () => {
    expect(await find()).toEqual(new Set(["w:1", "w:2"]));
    expect(await database.reading((tx) => findBatchesToRead(tx, []))).toEqual(new Set());
  });

  test("are no longer to be read by one whose lease another has", async () => {
    await database.transaction(({ prisma }) =>
      prisma.readBatch.updateMany({ where: { position: 0 }, data: { leaseToken: "x" } }),
    );
    expect(await find()).toEqual(new Set(["w:2"]));
  });

  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    ["canceled", ({ prisma }) => prisma.syncRun.updateMany({ data: { cancelAskedAt: 1n } })],
    ["stopped by another reader", (tx) => stopRun(tx, LEASE, STOP)],
    ["over", ({ prisma }) => prisma.syncRun.updateMany({ data: { status: "completed" } })],
    ["of a connection as it was", ({ prisma }) => prisma.connection.updateMany({ data: { revision: 2 } })],
    [
      "of a connection that is gone",
      ({ prisma }) => prisma.connection.updateMany({ data: { deletedAt: 1n } }),
    ],
  ])("are no longer to be read when their run is %s", async (_what, change) => {
    await database.transaction(change);
    expect(await find()).toEqual(new Set());
  });
});

const change = (work: (tx: Tx) => Promise<unknown>) =>
  database.transaction(async (tx) => {
    await closeFence(tx, "c");
    await work(tx);
  });
/** As a reader writes. */
const write = (work: (tx: Tx) => Promise<unknown> = async () => {}) =>
  database.transaction(async (tx) => {
    await demandBatch(tx, LEASE);
    await work(tx);
  });
const LOST = { code: "lease_lost", effect: "stop" };
const cancel = ({ prisma }: Tx) => prisma.syncRun.updateMany({ data: { cancelAskedAt: 1n } });

describe("what ends a reader's writing", () => {
  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    ["the end of the run", ({ prisma }) => prisma.syncRun.updateMany({ data: { status: "completed" } })],
    ["a person who wants the run ended", cancel],
    [
      "another revision of the connection",
      ({ prisma }) => prisma.connection.updateMany({ data: { revision: 2 } }),
    ],
    ["the end of the connection", ({ prisma }) => prisma.connection.updateMany({ data: { deletedAt: 1n } })],
    [
      "another's lease",
      ({ prisma }) => prisma.readBatch.updateMany({ where: { position: 0 }, data: { leaseToken: "x" } }),
    ],
    ["the end of the batch", ({ prisma }) => prisma.readBatch.deleteMany({ where: { position: 0 } })],
  ])("%s", async (_what, work) => {
    await write();
    await change(work);
    await expect(write()).rejects.toMatchObject(LOST);
  });
});

describe.runIf(process.env.SLUICE_TEST_DATABASE_URL)(
  "a reader has written before, or not at all, where",
  () => {
    test("another claims its batch", async () => {
      const claim = () =>
        database.transaction((tx) =>
          claimBatch(tx, { runId: "r", leaseToken: "other:1", leaseUntil: 9, now: 5 }),
        );
      const expire = { data: { leaseUntil: 1n }, where: { position: 0 } };
      await database.transaction(({ prisma }) => prisma.readBatch.deleteMany({ where: { position: 1 } }));
      await database.transaction(({ prisma }) => prisma.readBatch.updateMany(expire));
      await write(async () => expect(await claim()).toBeNull());
      expect(await claim()).toBe(0);
      await expect(write()).rejects.toMatchObject(LOST);
    });

    test("the fence is closed while it writes", async () => {
      const order: string[] = [];
      let closed: Promise<unknown> = Promise.resolve();
      await write(async () => {
        closed = change(async () => order.push("closed"));
        await Promise.race([closed, pause(100)]);
        order.push("written");
      });
      await closed;
      expect(order).toEqual(["written", "closed"]);
    });

    test("the fence is closed when it begins", async () => {
      let written: Promise<unknown> = Promise.resolve();
      await change(async (tx) => {
        await cancel(tx);
        written = write();
        await Promise.race([written, pause(100)]);
      });
      await expect(written).rejects.toMatchObject(LOST);
    });
  },
);
