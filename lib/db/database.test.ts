import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "./database";
import { Prisma } from "./generated/sqlite/client";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const setting = (key: string) => ({ key, value: key, updatedAt: 1n });

describe("the database", () => {
  test("every model of the schema can be read from a freshly migrated database", async () => {
    const models = Object.values(Prisma.ModelName);
    expect(models.length).toBeGreaterThan(10);
    for (const model of models) {
      const delegate = model.charAt(0).toLowerCase() + model.slice(1);
      const rows = await database.reading(({ prisma }) => {
        const reader = Reflect.get(prisma, delegate) as { findMany: () => Promise<unknown[]> };
        return reader.findMany();
      });
      expect(rows).toEqual([]);
    }
  });

  test("Prisma and a hot statement share one transaction, and a rejection undoes both", async () => {
    const work = database.transaction(async ({ prisma, sql }) => {
      await prisma.setting.create({ data: setting("a") });
      await sql.run("INSERT INTO setting (key, value, updated_at) VALUES ('b', 'b', 1)");
      throw new Error("stop here");
    });
    await expect(work).rejects.toThrow("stop here");
    expect(await database.reading(({ prisma }) => prisma.setting.count())).toBe(0);
  });

  test("statements that are called at once are carried out in that order", async () => {
    const seen = await database.transaction(({ sql }) =>
      Promise.all([
        sql.run("INSERT INTO setting (key, value, updated_at) VALUES ('a', '1', 1)"),
        sql.get("SELECT value FROM setting WHERE key = 'a'"),
        sql.run("UPDATE setting SET value = '2' WHERE key = 'a'"),
        sql.all("SELECT value FROM setting"),
      ]),
    );
    expect(seen).toMatchObject([{ changes: 1 }, { value: "1" }, { changes: 1 }, [{ value: "2" }]]);
  });

  test("of statements that are called at once none stays where one is refused", async () => {
    const insert = (value: string) =>
      `INSERT INTO setting (key, value, updated_at) VALUES ('${value}', ${value === "b" ? "NULL" : "'x'"}, 1)`;
    const refused = database.transaction(({ sql }) =>
      Promise.all(["a", "b", "c"].map((key) => sql.run(insert(key)))),
    );
    await expect(refused).rejects.toThrow(/null/i);
    expect(await database.reading(({ prisma }) => prisma.setting.count())).toBe(0);
    await database.transaction(({ sql }) => sql.run(insert("d")));
    expect(await database.reading(({ prisma }) => prisma.setting.count())).toBe(1);
  });

  test("readers see only what is committed while a transaction is open", async () => {
    let seen = -1;
    await database.transaction(async ({ prisma }) => {
      await prisma.setting.create({ data: setting("a") });
      seen = await database.reading((reader) => reader.prisma.setting.count());
    });
    expect(seen).toBe(0);
    expect(await database.reading(({ prisma }) => prisma.setting.count())).toBe(1);
  });

  test("a nested write of Prisma's own is a savepoint inside the transaction", async () => {
    await database.transaction(async ({ prisma }) => {
      await prisma.hold.create({
        data: {
          id: "h",
          connectionId: "c",
          runId: "r",
          status: "open",
          reason: "test",
          createdAt: 1_790_000_000_000n,
          keys: { create: [{ key: "a" }, { key: "b" }] },
        },
      });
    });
    const hold = await database.reading(({ prisma }) =>
      prisma.hold.findFirstOrThrow({ include: { keys: true } }),
    );
    expect(hold.createdAt).toBe(1_790_000_000_000n);
    expect(hold.keys.map((row) => row.key)).toEqual(["a", "b"]);
  });

  test("a broken unique rule is told as Prisma's P2002", async () => {
    const twice = database.transaction(async ({ prisma }) => {
      await prisma.setting.create({ data: setting("a") });
      await prisma.setting.create({ data: setting("a") });
    });
    await expect(twice).rejects.toMatchObject({ code: "P2002" });
  });

  test("the reader refuses to write", async () => {
    const write = database.reading(({ prisma }) => prisma.setting.create({ data: setting("a") }));
    await expect(write).rejects.toThrow(/readonly|read-only/i);
  });
});
