import path from "node:path";
import pino from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DATABASE_FILE, type Database } from "./database";
import { openSqliteDatabase } from "./sqlite-database";
import { openSqliteHandle } from "./sqlite-handle";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let dataDir: string;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, dataDir, remove } = temporaryDatabase());
});
afterEach(() => remove());

test("transactions of one process run one after the other, also after one has failed", async () => {
  const order: string[] = [];
  const first = database.transaction(async () => {
    order.push("first starts");
    await new Promise((resolve) => setTimeout(resolve, 20));
    order.push("first ends");
    throw new Error("first");
  });
  const second = database.transaction(async ({ prisma }) => {
    order.push("second");
    await prisma.setting.create({ data: { key: "a", value: "a", updatedAt: 1n } });
  });
  await Promise.allSettled([first, second]);
  expect(order).toEqual(["first starts", "first ends", "second"]);
});

test("a lock that another process does not let go of ends nothing: the same is done again later", async () => {
  const file = path.join(dataDir, DATABASE_FILE);
  const impatient = openSqliteDatabase({
    file,
    log: pino({ level: "silent" }),
    durability: "full",
    lockWaitMs: 20,
  });
  const write = () =>
    impatient.transaction(({ prisma }) =>
      prisma.setting.create({ data: { key: "a", value: "a", updatedAt: 1n } }),
    );
  const other = openSqliteHandle(file);
  other.exec("BEGIN IMMEDIATE");
  await expect(write()).rejects.toMatchObject({ code: "internal", effect: "retry" });
  other.exec("COMMIT");
  other.close();
  await expect(write()).resolves.toMatchObject({ key: "a" });
  await impatient.close();
});

test("a transaction that SQLite has undone by itself takes no more statements", async () => {
  const insert = (key: string) => `INSERT INTO setting (key, value, updated_at) VALUES ('${key}', 'x', 1)`;
  const undone = database.transaction(({ sql }) =>
    Promise.all([sql.run(insert("a")), sql.run("ROLLBACK"), sql.run(insert("b"))]),
  );
  await expect(undone).rejects.toThrow("no transaction");
  expect(await database.reading(({ prisma }) => prisma.setting.count())).toBe(0);
  await database.transaction(({ sql }) => sql.run(insert("c")));
});
