import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "../database";
import { connection, object, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { countAbsence, nextAbsent } from "./absence";
import { beginHold, dropHoldKeys, findHold, holdKeys, keepNextHeld, publishHold } from "./holds";
import { dropEmptyHolds, dropKeysOfHold, findSettledHolds } from "./sweeps";

let database: Database;
let remove: () => Promise<void>;

const NOW = 1_790_000_000_000;
const LEASE = { runId: "r", connectionId: "c", leaseToken: "w:1" };
const KEYS = ["a", "b", "c", "d", "e"];
const mark = { missingSinceRun: "r", missingSince: BigInt(NOW) };

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma }) => {
    await prisma.connection.create({ data: connection("c") });
    await prisma.syncRun.create({ data: syncRun("r", "c") });
    await prisma.sourceObject.createMany({
      data: KEYS.map((key) => ({ ...object(key), ...mark, documentId: key })),
    });
  });
});
afterEach(() => remove());

const gather = async (holdId: string, keys = KEYS) => {
  const gathering = await database.transaction((tx) =>
    beginHold(tx, LEASE, { holdId, reason: "many", now: NOW }),
  );
  if (gathering === null) return null;
  await database.transaction((tx) => holdKeys(tx, LEASE, { holdId, keys, now: NOW }));
  return gathering;
};
const publish = (gathering: NonNullable<Awaited<ReturnType<typeof gather>>>) =>
  database.transaction((tx) => publishHold(tx, LEASE, { ...gathering, now: NOW }));
const hold = async (holdId: string, keys = KEYS) => {
  const gathering = await gather(holdId, keys);
  return gathering !== null && publish(gathering);
};
const decide = (id: string, status: "approved" | "dismissing" | "applied") =>
  database.transaction(({ prisma }) => prisma.hold.update({ where: { id }, data: { status } }));
const statuses = () =>
  database.reading(async ({ prisma }) =>
    Object.fromEntries((await prisma.hold.findMany()).map(({ id, status }) => [id, status])),
  );
const keysOf = (holdId: string) =>
  database.reading(async ({ prisma }) =>
    (await prisma.holdKey.findMany({ where: { holdId }, orderBy: { key: "asc" } })).map(({ key }) => key),
  );
const kept = () =>
  database.reading(async ({ prisma }) => {
    const rows = await prisma.sourceObject.findMany({
      where: { isAbsenceKept: true, missingSinceRun: null },
    });
    return rows.map(({ key }) => key).sort();
  });
const keepNext = (countMax: number) =>
  database.transaction((tx) => keepNextHeld(tx, { id: "one", connectionId: "c" }, countMax));

describe("a list of removals", () => {
  test("is seen when it is whole, and takes the place of the one before it", async () => {
    expect(await hold("one")).toBe(true);
    const gathering = await gather("two", ["a"]);
    expect(await statuses()).toEqual({ one: "open", two: "gathering" });
    expect(gathering && (await publish(gathering))).toBe(true);
    expect(await statuses()).toEqual({ one: "released", two: "open" });
  });

  test("is begun anew by a run that was cut while it put it together", async () => {
    await gather("cut");
    expect(await hold("one", ["a"])).toBe(true);
    expect(await statuses()).toEqual({ cut: "released", one: "open" });
    expect(await keysOf("one")).toEqual(["a"]);
  });

  test("is not begun while an approved one waits for its run", async () => {
    await hold("one");
    await decide("one", "approved");
    expect(await gather("two")).toBeNull();
    expect(await database.reading((tx) => findHold(tx, "c", "approved"))).toBe("one");
  });

  test.each(["approved", "dismissing"] as const)(
    "gives way when the one before it is %s meanwhile",
    async (status) => {
      await hold("one");
      const gathering = await gather("two");
      await decide("one", status);
      expect(gathering && (await publish(gathering))).toBe(false);
      expect(await statuses()).toEqual({ one: status, two: "released" });
    },
  );
});

describe("a dismissed list", () => {
  beforeEach(async () => {
    await hold("one", ["a", "b", "c", "d"]);
    await decide("one", "dismissing");
  });

  test("is marked piece by piece, and is done when no key is left", async () => {
    await keepNext(2);
    expect(await kept()).toEqual(["a", "b"]);
    expect(await keysOf("one")).toEqual(["c", "d"]);
    await keepNext(2);
    expect(await statuses()).toEqual({ one: "dismissing" });
    await keepNext(2);
    expect(await statuses()).toEqual({ one: "dismissed" });
    expect(await kept()).toEqual(["a", "b", "c", "d"]);
    await keepNext(2);
    expect(await kept()).toEqual(["a", "b", "c", "d"]);
  });

  test("is absent for nobody, whether it is marked yet or not", async () => {
    await keepNext(1);
    const args = { afterKey: "", countMax: 10, isApprovedOnly: false };
    const absent = await database.reading((tx) => nextAbsent(tx, LEASE, args));
    expect(absent.map(({ key }) => key)).toEqual(["e"]);
    expect(await database.reading((tx) => countAbsence(tx, LEASE))).toEqual({ stored: 5, absent: 1 });
  });

  test("keeps its keys from the sweep until they are marked", async () => {
    expect(await database.reading((tx) => findSettledHolds(tx, 10))).toEqual([]);
  });

  test("with its connection goes in pieces", async () => {
    const drop = (countMax: number) => database.transaction((tx) => dropHoldKeys(tx, "c", countMax));
    expect([await drop(3), await drop(3), await drop(3)]).toEqual([3, 1, 0]);
  });
});

test("lists that nobody sees any more are swept with their keys; the list of a running run stays", async () => {
  await hold("one");
  await hold("two");
  await gather("three");
  const sweep = () =>
    database.transaction(async (tx) => {
      let keys = 0;
      for (const id of await findSettledHolds(tx, 100)) keys += await dropKeysOfHold(tx, id, 100);
      return [keys, await dropEmptyHolds(tx, 100)];
    });
  expect(await sweep()).toEqual([5, 1]);
  expect(await statuses()).toEqual({ two: "open", three: "gathering" });
  await database.transaction(({ prisma }) =>
    prisma.syncRun.update({ where: { id: "r" }, data: { status: "failed" } }),
  );
  expect(await sweep()).toEqual([5, 1]);
  await decide("two", "applied");
  expect(await sweep()).toEqual([5, 0]);
  expect(await statuses()).toEqual({ two: "applied" });
});
