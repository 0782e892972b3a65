import { setTimeout as pause } from "node:timers/promises";
import pino from "pino";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { TRANSACTION_MS_MAX } from "@/lib/core/limits";
import { type Database, openDatabase } from "./database";
import { PrismaClient as PostgresClient } from "./generated/postgres/client";
import { PrismaClient as SqliteClient } from "./generated/sqlite/client";
import { temporaryDatabase } from "./testing/temporary-database";

type Line = { msg: string; tookMs?: number; transactions?: number; tooLong?: number; longestMs?: number };

let lines: Line[];
let database: Database;
let remove: () => Promise<void>;
const order: string[] = [];
beforeEach(async () => {
  const made = temporaryDatabase();
  await made.database.reading(({ sql }) => sql.get("SELECT 1 AS one"));
  lines = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  remove = made.remove;
  order.length = 0;
  for (const { prototype } of [SqliteClient, PostgresClient]) slowlyReady(prototype);
  database = openDatabase({ ...made.place, log });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await remove();
});

/** A client says when it is ready, which takes a while. */
function slowlyReady(client: { $connect(): Promise<void> }): void {
  const { $connect } = client;
  vi.spyOn(client, "$connect").mockImplementation(async function (this: typeof client) {
    await $connect.call(this);
    await pause(20);
    order.push("ready");
  });
}

const busyFor = (ms: number) => {
  const until = performance.now() + ms;
  while (performance.now() < until);
};

test("a transaction that takes too long is told, and at the end how many there were, those that failed too", async () => {
  await database.transaction(async () => busyFor(TRANSACTION_MS_MAX + 20));
  await expect(database.transaction(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  await database.transaction(async () => undefined);
  expect(lines.filter(({ msg }) => msg.includes("longer"))[0]?.tookMs).toBeGreaterThan(TRANSACTION_MS_MAX);
  await database.close();
  const last = lines.find(({ transactions }) => transactions !== undefined);
  expect(last).toMatchObject({ transactions: 3 });
  expect(last?.tooLong).toBeGreaterThanOrEqual(1);
  expect(last?.longestMs).toBeGreaterThan(TRANSACTION_MS_MAX);
});

test("no transaction is open while Prisma gets ready", async () => {
  await database.transaction(async ({ prisma }) => {
    order.push("open");
    await prisma.setting.count();
  });
  await database.transaction(async () => void order.push("open"));
  expect(order).toEqual(["ready", "open", "open"]);
  await database.close();
});
