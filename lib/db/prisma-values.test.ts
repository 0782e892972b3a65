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

describe("values come back as they were written", () => {
  test.each([
    ["zero", 0n],
    ["a negative number", -1n],
    ["2^31", 2n ** 31n],
    ["a time in milliseconds", 1_790_000_000_000n],
    ["the largest safe integer", BigInt(Number.MAX_SAFE_INTEGER)],
    ["beyond what a JavaScript number holds", 2n ** 53n + 1n],
    ["the largest of 64 bits", 2n ** 63n - 1n],
    ["the smallest of 64 bits", -(2n ** 63n)],
  ])("a BigInt: %s", async (_what, at) => {
    await write((prisma) => prisma.attempt.create({ data: attempt("a", at) }));
    expect(await read((prisma) => prisma.attempt.findMany({ where: { at } }))).toEqual([attempt("a", at)]);
  });

  test("a BigInt is added to, and two BigInts are compared, as integers", async () => {
    await write((prisma) => prisma.attempt.create({ data: attempt("a", 2n ** 40n) }));
    await write((prisma) => prisma.attempt.update({ where: { id: "a" }, data: { at: { increment: 1n } } }));
    expect(await read((prisma) => prisma.attempt.count({ where: { at: { gt: 2n ** 40n } } }))).toBe(1);
  });

  test("booleans and null, as values and as conditions", async () => {
    await write((prisma) => prisma.sourceObject.create({ data: object("kept", { isAbsenceKept: true }) }));
    await write((prisma) => prisma.sourceObject.create({ data: object("not kept") }));
    const kept = await read((prisma) => prisma.sourceObject.findMany({ where: { isAbsenceKept: true } }));
    expect(kept).toMatchObject([{ key: "kept", isAbsenceKept: true, storedEtag: null }]);
    const rest = await read((prisma) =>
      prisma.sourceObject.findMany({ where: { isAbsenceKept: false, storedEtag: null } }),
    );
    expect(rest).toMatchObject([{ key: "not kept", isAbsenceKept: false, storedSizeBytes: null }]);
  });

  test.each([
    ["nothing", ""],
    ["an emoji", "🙂"],
    ["quotes and a backslash", `'"\\`],
    ["text that looks like a number", "007"],
    ["text that looks like a large number", "12345678901234567890"],
    ["a line break of each kind", "a\r\nb\u2028c"],
  ])("text: %s", async (_what, value) => {
    await write((prisma) => prisma.setting.create({ data: { key: "k", value, updatedAt: 1n } }));
    const found = await read((prisma) => prisma.setting.findMany({ where: { value } }));
    expect(found.map((row) => row.value)).toEqual([value]);
  });

  test("half a surrogate pair becomes the replacement character, and nothing breaks", async () => {
    await write((prisma) => prisma.setting.create({ data: { key: "k", value: "a\ud83d!", updatedAt: 1n } }));
    const row = await read((prisma) => prisma.setting.findUnique({ where: { key: "k" } }));
    expect(row?.value).toBe("a\ufffd!");
  });

  test("a NUL becomes the replacement character, in conditions too: text would end there", async () => {
    await write((prisma) => prisma.setting.create({ data: { key: "a\0b", value: "c\0d", updatedAt: 1n } }));
    const row = await read((prisma) => prisma.setting.findUnique({ where: { key: "a\0b" } }));
    expect(row).toMatchObject({ key: "a\ufffdb", value: "c\ufffdd" });
  });

  test("a null that is the only value of a statement", async () => {
    await write((prisma) => prisma.document.create({ data: { ...document("d"), error: "e" } }));
    expect(await write((prisma) => prisma.$executeRaw`UPDATE document SET error = ${null}`)).toBe(1);
    expect(await read((prisma) => prisma.document.findFirst())).toMatchObject({ error: null });
  });
});

describe("computed columns have the right type", () => {
  test("count, sum, average, smallest and largest", async () => {
    await write((prisma) =>
      prisma.sourceObject.createMany({
        data: [object("a", { sizeBytes: 2n ** 40n }), object("b", { sizeBytes: 2n ** 40n + 4n })],
      }),
    );
    const sums = await read((prisma) =>
      prisma.sourceObject.aggregate({
        _count: true,
        _sum: { sizeBytes: true, attempts: true },
        _avg: { sizeBytes: true, attempts: true },
        _min: { key: true, sizeBytes: true },
        _max: { key: true },
      }),
    );
    expect(sums).toEqual({
      _count: 2,
      _sum: { sizeBytes: 2n ** 41n + 4n, attempts: 0 },
      _avg: { sizeBytes: 2 ** 40 + 2, attempts: 0 },
      _min: { key: "a", sizeBytes: 2n ** 40n },
      _max: { key: "b" },
    });
  });

  test("an average that is no whole number, and the sums of no rows", async () => {
    await write((prisma) =>
      prisma.sourceObject.createMany({
        data: [object("a", { sizeBytes: 1n }), object("b", { sizeBytes: 2n })],
      }),
    );
    const some = await read((prisma) => prisma.sourceObject.aggregate({ _avg: { sizeBytes: true } }));
    expect(some._avg.sizeBytes).toBe(1.5);
    const none = await read((prisma) =>
      prisma.sourceObject.aggregate({ where: { key: "none" }, _sum: { sizeBytes: true }, _count: true }),
    );
    expect(none).toEqual({ _sum: { sizeBytes: null }, _count: 0 });
  });

  test("groups, with a condition on the group", async () => {
    await write((prisma) =>
      prisma.attempt.createMany({ data: [attempt("a"), attempt("b"), { ...attempt("c"), subject: "t" }] }),
    );
    const groups = await read((prisma) =>
      prisma.attempt.groupBy({
        by: ["subject"],
        _count: { _all: true },
        _sum: { at: true },
        having: { subject: { _count: { gt: 1 } } },
      }),
    );
    expect(groups).toEqual([{ subject: "s", _count: { _all: 2 }, _sum: { at: 2n } }]);
  });

  test("a large sum", async () => {
    await write((prisma) => prisma.attempt.createMany({ data: [attempt("a", 2n ** 53n), attempt("b", 1n)] }));
    const sum = await read((prisma) => prisma.attempt.aggregate({ _sum: { at: true } }));
    expect(sum._sum.at).toBe(2n ** 53n + 1n);
  });
});
