import { createServer } from "node:net";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database, Tx } from "./database";
import { openDatabase } from "./database";
import { holdAlone } from "./sql/locks";
import { attempt } from "./testing/sample-rows";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const ids = () =>
  database.reading(async ({ prisma }) => {
    const rows = await prisma.attempt.findMany({ orderBy: { id: "asc" } });
    return rows.map(({ id }) => id);
  });
const backend = async ({ sql }: Tx) =>
  (await sql.get<{ pid: number }>("SELECT pg_backend_pid() AS pid"))?.pid ?? 0;
const terminate = (pid: number) =>
  database.reading(({ sql }) => sql.get("SELECT pg_terminate_backend(CAST(? AS integer))", pid));

describe("the schema", () => {
  test("every text compares by its bytes, whatever the collation of the database", async () => {
    const columns = await database.reading(({ sql }) =>
      sql.all<{ name: string; collation: string }>(
        `SELECT c.relname || '.' || a.attname AS name, coalesce(l.collname, '-') AS collation
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
         JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
         JOIN pg_type t ON t.oid = a.atttypid AND t.typname IN ('text', 'varchar')
         LEFT JOIN pg_collation l ON l.oid = a.attcollation
         WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relname <> '_prisma_migrations'`,
      ),
    );
    expect(columns.length).toBeGreaterThan(100);
    expect(columns.filter(({ collation }) => collation !== "C")).toEqual([]);
  });

  test("one queued and one running run, and one open hold, for each connection", async () => {
    const indexes = await database.reading(({ sql }) =>
      sql.all<{ indexdef: string }>(
        `SELECT indexdef FROM pg_indexes WHERE indexname IN ('sync_run_queued_once', 'sync_run_running_once',
           'hold_open_once') ORDER BY indexname`,
      ),
    );
    expect(indexes).toHaveLength(3);
    for (const { indexdef } of indexes) {
      expect(indexdef).toMatch(/^CREATE UNIQUE INDEX .*\(connection_id\) WHERE \(status = /);
    }
  });
});

describe("transactions", () => {
  test("stand beside each other, and both are kept", async () => {
    const pids = await Promise.all(
      ["a", "b"].map((id) =>
        database.transaction(async (tx) => {
          await tx.prisma.attempt.create({ data: attempt(id) });
          await tx.sql.get("SELECT pg_sleep(0.1)");
          return backend(tx);
        }),
      ),
    );
    expect(new Set(pids).size).toBe(2);
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("two that wait for each other are both done: one is tried again", async () => {
    let tries = 0;
    const inOrder = (first: string, second: string) =>
      database.transaction(async (tx) => {
        tries += 1;
        await holdAlone(tx, first);
        await tx.sql.get("SELECT pg_sleep(0.2)");
        await holdAlone(tx, second);
        await tx.prisma.attempt.create({ data: attempt(first) });
      });
    await Promise.all([inOrder("a", "b"), inOrder("b", "a")]);
    expect(tries).toBe(3);
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("one that goes on after a refused statement is not taken for done", async () => {
    const swallowing = database.transaction(async ({ prisma, sql }) => {
      await prisma.attempt.create({ data: attempt("a") });
      await sql.run("INSERT INTO attempt (id, subject, at) VALUES ('a', 's', 1)").catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow("a statement in it was refused");
    expect(await ids()).toEqual([]);
  });

  test("Prisma's caller may go on after a refusal, and a statement of ours beside it stays", async () => {
    await database.transaction(async ({ prisma, sql }) => {
      await sql.run("INSERT INTO attempt (id, subject, at) VALUES ('a', 's', 1)");
      await expect(prisma.attempt.create({ data: attempt("a") })).rejects.toMatchObject({ code: "P2002" });
      await prisma.attempt.create({ data: attempt("b") });
    });
    expect(await ids()).toEqual(["a", "b"]);
  });

  test("more at once than there are connections wait for their turn", async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, at) =>
        database.transaction(({ prisma }) =>
          prisma.attempt.create({ data: attempt(`n${String(at).padStart(2, "0")}`) }),
        ),
      ),
    );
    expect(await ids()).toHaveLength(30);
  });
});

describe("a connection that breaks", () => {
  test("in a transaction: its caller is told, nothing of it stays, and the next one works", async () => {
    const broken = database.transaction(async (tx) => {
      await tx.prisma.attempt.create({ data: attempt("lost") });
      await terminate(await backend(tx));
      await tx.prisma.attempt.create({ data: attempt("too") });
    });
    await expect(broken).rejects.toThrow();
    await database.transaction(({ prisma }) => prisma.attempt.create({ data: attempt("next") }));
    expect(await ids()).toEqual(["next"]);
  });

  test("while nobody uses it: nobody is told, and the next call gets another", async () => {
    const pid = await database.transaction(backend);
    await terminate(pid);
    // The server's word about it has to come in.
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await database.transaction(backend)).not.toBe(pid);
  });
});

describe("a process that stands still in a transaction", () => {
  test("gives back what it has locked before those who wait for it give up, and writes nothing more", async () => {
    let wake = () => {};
    const asleep = new Promise<void>((resolve) => {
      wake = resolve;
    });
    let hasLock = () => {};
    const locked = new Promise<void>((resolve) => {
      hasLock = resolve;
    });
    const frozen = database.transaction(async (tx) => {
      await holdAlone(tx, "fence");
      await tx.prisma.attempt.create({ data: attempt("before") });
      hasLock();
      await asleep;
      await tx.prisma.attempt.create({ data: attempt("after") });
    });
    await locked;
    await database.transaction(async (tx) => {
      await holdAlone(tx, "fence");
      await tx.prisma.attempt.create({ data: attempt("waited") });
    });
    wake();
    await expect(frozen).rejects.toMatchObject({ code: "internal", effect: "retry" });
    await Promise.all(
      ["b", "c"].map((id) =>
        database.transaction(({ prisma }) => prisma.attempt.create({ data: attempt(id) })),
      ),
    );
    expect(await ids()).toEqual(["b", "c", "waited"]);
  });

  const freeze = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

  test.each<[string, (tx: Tx) => Promise<unknown>]>([
    ["a statement of ours", ({ sql }) => sql.run("DELETE FROM attempt")],
    ["one of Prisma's that reads", ({ prisma }) => prisma.attempt.count()],
    ["one of Prisma's that writes", ({ prisma }) => prisma.attempt.deleteMany()],
    ["the commit", async () => {}],
  ])("finds out by %s, which it sends when it wakes, and may try again", async (_what, next) => {
    await database.transaction(({ prisma }) => prisma.attempt.create({ data: attempt("there") }));
    const frozen = database.transaction(async (tx) => {
      await tx.prisma.attempt.create({ data: attempt("lost") });
      await tx.sql.run("SET LOCAL idle_in_transaction_session_timeout = 50");
      // The server's word about it is read after the next statement has been sent.
      freeze(400);
      await next(tx);
    });
    await expect(frozen).rejects.toMatchObject({ code: "internal", effect: "retry" });
    expect(await database.transaction(({ prisma }) => prisma.attempt.count())).toBe(1);
    expect(await ids()).toEqual(["there"]);
  });
});

test("a database that cannot be reached says so, and that trying again may help", async () => {
  const nowhere = openDatabase({
    databaseUrl: "postgres://nobody:secret-word@127.0.0.1:9/none",
    dataDir: "unused",
    log: pino({ level: "silent" }),
  });
  const failed = await nowhere.transaction(async () => {}).catch((thrown: unknown) => thrown);
  expect(failed).toMatchObject({ code: "internal", effect: "retry" });
  expect(String(failed)).not.toContain("secret-word");
  await expect(nowhere.reading(({ prisma }) => prisma.attempt.count())).rejects.toThrow();
  await nowhere.close();
});

test("a closed database takes nothing more, and what was begun before is done", async () => {
  const slow = database.transaction(async ({ prisma, sql }) => {
    await sql.get("SELECT pg_sleep(0.2)");
    return prisma.attempt.create({ data: attempt("a") });
  });
  await database.close();
  expect(await slow).toMatchObject({ id: "a" });
  await expect(database.transaction(async () => {})).rejects.toThrow("closed");
});

/** What a server on its way up answers to everybody who knocks. */
const STARTING_UP = refusal(["SFATAL", "VFATAL", "C57P03", "Mthe database system is starting up"]);

function refusal(fields: string[]): Buffer {
  const body = Buffer.from(`${fields.map((field) => `${field}\0`).join("")}\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

test("a server on its way up is one that cannot be reached, whoever asks it", async () => {
  const server = createServer((socket) => socket.once("data", () => socket.end(STARTING_UP)));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const databaseUrl = `postgres://somebody:word@127.0.0.1:${port}/none`;
  const early = openDatabase({ databaseUrl, dataDir: "unused", log: pino({ level: "silent" }) });
  const questions = [
    () => early.transaction(async () => {}),
    () => early.reading(({ prisma }) => prisma.attempt.count()),
    () => early.reading(({ sql }) => sql.all("SELECT 1")),
  ];
  for (const ask of questions)
    await expect(ask()).rejects.toMatchObject({ code: "internal", effect: "retry" });
  await early.close();
  await new Promise((resolve) => void server.close(resolve));
});

test("statements that were sent behind one that is refused reject with its reason", async () => {
  const refused = database.transaction(({ sql }) =>
    Promise.all([Promise.all([sql.run("SELECT 1 / 0")]), sql.run("SELECT 1")]),
  );
  await expect(refused).rejects.toMatchObject({ code: "22012" });
});
