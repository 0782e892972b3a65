import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database, Tx } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { claimRun } from "./claims";
import { closeFence, demandLease, type RunLease } from "./run-fence";

let database: Database;
let remove: () => Promise<void>;

const NOW = 1_790_000_000_000;
const LEASE: RunLease = { runId: "r", connectionId: "c", leaseToken: "old:1" };

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma }) => {
    await prisma.connection.create({ data: connection("c") });
    const lease = { leaseToken: LEASE.leaseToken, leaseUntil: BigInt(NOW - 1) };
    await prisma.syncRun.create({ data: { ...syncRun("r", "c"), ...lease } });
  });
});
afterEach(() => remove());

const write = (work: (tx: Tx) => Promise<unknown> = async () => {}) =>
  database.transaction(async (tx) => {
    await demandLease(tx, LEASE);
    await work(tx);
  });
const takeOver = () =>
  database.transaction((tx) => claimRun(tx, { leaseToken: "new:1", leaseUntil: NOW + 1_000, now: NOW }));
const note = (tx: Tx, id: string) => tx.prisma.attempt.create({ data: { id, subject: "s", at: 1n } });

/** A promise and who settles it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe("a worker whose run is taken over", () => {
  test("has written before the other begins, or not at all", async () => {
    const order: string[] = [];
    const entered = gate();
    const released = gate();
    const writing = write(async (tx) => {
      entered.open();
      await released.opened;
      await note(tx, "old");
      order.push("written");
    });
    await entered.opened;
    const taking = takeOver().then((row) => {
      order.push("taken");
      return row;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(order).toEqual([]);
    released.open();
    await writing;
    expect(await taking).toMatchObject({ id: "r" });
    expect(order).toEqual(["written", "taken"]);
    await expect(write((tx) => note(tx, "late"))).rejects.toMatchObject({ code: "lease_lost" });
    const rows = await database.reading(({ prisma }) => prisma.attempt.findMany());
    expect(rows.map(({ id }) => id)).toEqual(["old"]);
  });

  test("of many that would take it one does", async () => {
    const taken = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        database.transaction((tx) =>
          claimRun(tx, { leaseToken: `worker${at}:1`, leaseUntil: NOW + 1_000, now: NOW }),
        ),
      ),
    );
    expect(taken.filter((row) => row !== null)).toHaveLength(1);
  });
});

describe("what ends a worker's writing", () => {
  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    [
      "another revision of the connection",
      ({ prisma }) => prisma.connection.update({ where: { id: "c" }, data: { revision: 2 } }),
    ],
    [
      "the end of the connection",
      ({ prisma }) => prisma.connection.update({ where: { id: "c" }, data: { deletedAt: 1n } }),
    ],
    [
      "the end of the run",
      ({ prisma }) => prisma.syncRun.update({ where: { id: "r" }, data: { status: "canceled" } }),
    ],
    [
      "another's lease",
      ({ prisma }) => prisma.syncRun.update({ where: { id: "r" }, data: { leaseToken: "x" } }),
    ],
  ])("%s", async (_what, change) => {
    await write();
    await database.transaction(async (tx) => {
      await closeFence(tx, "c");
      await change(tx);
    });
    await expect(write()).rejects.toMatchObject({ code: "lease_lost", effect: "stop" });
  });
});

test("who closes the fence comes in however many write without a break", async () => {
  let isOver = false;
  const writers = Array.from({ length: 3 }, async () => {
    while (!isOver) await write(() => new Promise((resolve) => setTimeout(resolve, 10)));
  });
  const startedAt = performance.now();
  for (let turn = 0; turn < 10; turn++) await database.transaction((tx) => closeFence(tx, "c"));
  const tookMs = performance.now() - startedAt;
  isOver = true;
  await Promise.all(writers);
  expect(tookMs).toBeLessThan(5_000);
});
