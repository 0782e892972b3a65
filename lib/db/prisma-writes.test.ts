import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Database, Tx } from "./database";
import type { PrismaClient } from "./generated/sqlite/client";
import { attempt, document, object } from "./testing/sample-rows";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const write = <T>(work: (prisma: PrismaClient) => Promise<T>) =>
  database.transaction(({ prisma }: Tx) => work(prisma));
const read = <T>(work: (prisma: PrismaClient) => Promise<T>) =>
  database.reading(({ prisma }: Tx) => work(prisma));

describe("many rows", () => {
  const ids = Array.from({ length: 3_000 }, (_, n) => `a${n}`);

  test("3,000 ids in one condition, for reading and for changing", async () => {
    const made = await write((prisma) => prisma.attempt.createMany({ data: ids.map((id) => attempt(id)) }));
    expect(made.count).toBe(3_000);
    expect(await read((prisma) => prisma.attempt.findMany({ where: { id: { in: ids } } }))).toHaveLength(
      3_000,
    );
    const changed = await write((prisma) =>
      prisma.attempt.updateMany({ where: { id: { in: ids } }, data: { subject: "t" } }),
    );
    expect(changed.count).toBe(3_000);
    const gone = await write((prisma) => prisma.attempt.deleteMany({ where: { id: { in: ids } } }));
    expect(gone.count).toBe(3_000);
  });

  test("more ids than one statement takes", async () => {
    await write((prisma) => prisma.attempt.createMany({ data: ids.map((id) => attempt(id)) }));
    const asked = [...ids, ...Array.from({ length: 37_000 }, (_, n) => `none${n}`)];
    expect(await read((prisma) => prisma.attempt.findMany({ where: { id: { in: asked } } }))).toHaveLength(
      3_000,
    );
    const gone = await write((prisma) => prisma.attempt.deleteMany({ where: { id: { in: asked } } }));
    expect(gone.count).toBe(3_000);
  });

  test("no ids are no rows", async () => {
    await write((prisma) => prisma.attempt.create({ data: attempt("a") }));
    expect(await read((prisma) => prisma.attempt.findMany({ where: { id: { in: [] } } }))).toEqual([]);
    expect((await write((prisma) => prisma.attempt.deleteMany({ where: { id: { in: [] } } }))).count).toBe(0);
    expect(await read((prisma) => prisma.attempt.count({ where: { id: { notIn: [] } } }))).toBe(1);
  });

  test("pages by order and cursor meet every row once", async () => {
    await write((prisma) =>
      prisma.attempt.createMany({ data: ids.slice(0, 10).map((id, n) => attempt(id, BigInt(n % 3))) }),
    );
    const seen: string[] = [];
    for (let pages = 0; pages < 4; pages++) {
      const last = seen.at(-1);
      const page = await read((prisma) =>
        prisma.attempt.findMany({
          orderBy: [{ at: "desc" }, { id: "asc" }],
          take: 4,
          cursor: last === undefined ? undefined : { id: last },
          skip: last === undefined ? 0 : 1,
        }),
      );
      seen.push(...page.map((row) => row.id));
    }
    expect(seen).toEqual(["a2", "a5", "a8", "a1", "a4", "a7", "a0", "a3", "a6", "a9"]);
  });
});

describe("writes", () => {
  test("counts tell how many rows a condition met, cascades not counted", async () => {
    await write((prisma) =>
      prisma.document.create({ data: { ...document("d"), tags: { create: [{ tag: "a" }, { tag: "b" }] } } }),
    );
    expect(
      await write((prisma) => prisma.document.updateMany({ where: { id: "d" }, data: { type: "pdf" } })),
    ).toEqual({ count: 1 });
    expect(
      await write((prisma) => prisma.document.updateMany({ where: { id: "x" }, data: { type: "pdf" } })),
    ).toEqual({ count: 0 });
    expect(await write((prisma) => prisma.document.deleteMany({ where: { id: "d" } }))).toEqual({ count: 1 });
    expect(await write((prisma) => prisma.document.deleteMany({ where: { id: "d" } }))).toEqual({ count: 0 });
    expect(await read((prisma) => prisma.documentTag.count())).toBe(0);
  });

  test("an upsert creates first and updates then, also beside rows of its own", async () => {
    const upsert = (type: string) =>
      write((prisma) =>
        prisma.document.upsert({
          where: { id: "d" },
          create: { ...document("d"), tags: { create: { tag: type } } },
          update: { type, tags: { create: { tag: type } } },
          include: { tags: { orderBy: { tag: "asc" } } },
        }),
      );
    expect((await upsert("text")).tags).toHaveLength(1);
    expect(await upsert("pdf")).toMatchObject({ type: "pdf", tags: [{ tag: "pdf" }, { tag: "text" }] });
  });

  test("createMany can give back what it wrote", async () => {
    const written = await write((prisma) =>
      prisma.attempt.createManyAndReturn({ data: [attempt("b"), attempt("c")] }),
    );
    expect(written).toEqual([attempt("b"), attempt("c")]);
  });
});

describe("refusals carry Prisma's code, and undo only what was refused", () => {
  const tagOfNone = { documentSerial: 7n, tag: "a" };

  test.each<[string, string, (prisma: PrismaClient) => Promise<unknown>]>([
    ["a key that is taken", "P2002", (prisma) => prisma.attempt.create({ data: attempt("taken") })],
    [
      "a column that must be unique",
      "P2002",
      (prisma) =>
        prisma.administrator.create({
          data: { id: "b", email: "other", passwordHash: "h", createdAt: 1n, updatedAt: 1n },
        }),
    ],
    ["a parent that is not there", "P2003", (prisma) => prisma.documentTag.create({ data: tagOfNone })],
    [
      "nothing to update",
      "P2025",
      (prisma) => prisma.attempt.update({ where: { id: "none" }, data: { at: 2n } }),
    ],
    ["nothing to delete", "P2025", (prisma) => prisma.attempt.delete({ where: { id: "none" } })],
    ["nothing found", "P2025", (prisma) => prisma.attempt.findUniqueOrThrow({ where: { id: "none" } })],
    [
      "a nested write that is refused halfway",
      "P2002",
      (prisma) =>
        prisma.document.create({
          data: { ...document("d"), tags: { create: [{ tag: "a" }, { tag: "a" }] } },
        }),
    ],
  ])("%s: %s", async (_what, code, refused) => {
    await write(async (prisma) => {
      await prisma.attempt.create({ data: attempt("taken") });
      await prisma.administrator.create({
        data: { id: "a", email: "a", passwordHash: "h", createdAt: 1n, updatedAt: 1n },
      });
    });
    await write(async (prisma) => {
      await prisma.attempt.create({ data: attempt("before") });
      await expect(refused(prisma)).rejects.toMatchObject({ code });
      await prisma.attempt.create({ data: attempt("after") });
    });
    const left = await read((prisma) => prisma.attempt.findMany({ orderBy: { id: "asc" } }));
    expect(left.map((row) => row.id)).toEqual(["after", "before", "taken"]);
    expect(await read((prisma) => prisma.document.count())).toBe(0);
  });

  test("the names of the columns that must be unique together", async () => {
    const twice = write((prisma) => prisma.sourceObject.createMany({ data: [object("a"), object("a")] }));
    await expect(twice).rejects.toMatchObject({
      code: "P2002",
      meta: { driverAdapterError: { cause: { constraint: { fields: ["connection_id", "key"] } } } },
    });
  });
});

describe("calls at once in one transaction", () => {
  const hold = (id: string, keys: string[]) => ({
    id,
    connectionId: id,
    runId: "r",
    status: "open",
    reason: "test",
    createdAt: 1n,
    keys: { create: keys.map((key) => ({ key })) },
  });

  test("nested writes do not end each other's savepoints", async () => {
    await write((prisma) =>
      Promise.all(["a", "b", "c"].map((id) => prisma.hold.create({ data: hold(id, ["x", "y"]) }))),
    );
    expect(await read((prisma) => prisma.holdKey.count())).toBe(6);
  });

  test("a nested write that is refused undoes nothing of the others", async () => {
    const outcomes = await write((prisma) =>
      Promise.allSettled([
        prisma.hold.create({ data: hold("a", ["x", "x"]) }),
        prisma.attempt.create({ data: attempt("beside") }),
        prisma.hold.create({ data: hold("b", ["x"]) }),
      ]),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(await read((prisma) => prisma.attempt.count())).toBe(1);
    expect(await read((prisma) => prisma.hold.findMany({ select: { id: true } }))).toEqual([{ id: "b" }]);
  });
});
