import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database, Tx } from "../database";
import { connection, object, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { nextAbsent, nextAbsentWithoutDocument } from "./absence";
import { nextDueFailures } from "./manifest";
import type { NextArgs } from "./next-wanted";
import { dropDrifted, nextDrifted, nextUnplanned } from "./plans";

let database: Database;
let remove: () => Promise<void>;

const NOW = 10;
const ROWS = 30;
const nameOf = (at: number) => `${String(at).padStart(2, "0")}.txt`;
const KEYS = Array.from({ length: ROWS }, (_, at) => nameOf(at));
/** At both ends, beside each other, and far apart. */
const WANTED = [0, 7, 8, 19, ROWS - 1].map(nameOf);
const [ONE, TWO, THREE] = [nameOf(1), nameOf(2), nameOf(3)];
const COUNTS_MAX = [1, 2, WANTED.length, WANTED.length + 1];
const isWanted = (key: string) => WANTED.includes(key);
/** Each kind is looked for in a connection of its own, by a run of the same name. */
const leaseOf = (id: string) => ({ runId: id, connectionId: id, leaseToken: "w:1" });

type Kind = {
  next: (tx: Tx, args: NextArgs) => Promise<(string | { key: string })[]>;
  row: (key: string) => object;
  /** What is nearly wanted, and is not. */
  others: Record<string, object>;
  holds?: Record<string, string[]>;
  lines?: { runId?: string; key: string; kind: string; reason?: string }[];
};

const byRun = (runId: string, more: object = {}) => ({
  documentId: "d",
  missingSinceRun: runId,
  missingSince: 1n,
  ...more,
});
const removal = (key: string) => ({ runId: "plan", key, kind: "removed" });
const drifted = { kind: "skipped", reason: "drifted" };

const KINDS: Record<string, Kind> = {
  "failures that are due": {
    next: (tx, args) => nextDueFailures(tx, "failures that are due", { ...args, now: NOW }),
    row: (key) => ({ outcome: "failed", nextTryAt: isWanted(key) ? 10n : 11n }),
    others: {
      [ONE]: { outcome: "failed", nextTryAt: null },
      [TWO]: { outcome: "over_limit", nextTryAt: 1n },
      [THREE]: { nextTryAt: 1n },
    },
  },
  "absent keys": {
    next: (tx, args) => nextAbsent(tx, leaseOf("absent keys"), { ...args, isApprovedOnly: false }),
    row: (key) => byRun("absent keys", { isAbsenceKept: !isWanted(key) }),
    others: {
      [ONE]: byRun("former"),
      [TWO]: byRun("absent keys"),
      [THREE]: byRun("absent keys", { documentId: null }),
    },
    holds: { dismissing: [TWO] },
  },
  "absent keys that are approved": {
    next: (tx, args) =>
      nextAbsent(tx, leaseOf("absent keys that are approved"), { ...args, isApprovedOnly: true }),
    row: () => byRun("absent keys that are approved"),
    others: {
      [ONE]: byRun("former"),
      [TWO]: byRun("absent keys that are approved", { isAbsenceKept: true }),
    },
    holds: { approved: [...WANTED, ONE, TWO], released: [THREE] },
  },
  "absent keys without a document": {
    next: (tx, args) => nextAbsentWithoutDocument(tx, leaseOf("absent keys without a document"), args),
    row: (key) => byRun("absent keys without a document", isWanted(key) ? { documentId: null } : {}),
    others: {
      [ONE]: byRun("former", { documentId: null }),
      [TWO]: {},
    },
  },
  "absent keys that no plan removes": {
    next: (tx, args) =>
      nextUnplanned(tx, leaseOf("absent keys that no plan removes"), { ...args, planRunId: "plan" }),
    row: () => byRun("absent keys that no plan removes"),
    others: { [ONE]: byRun("former") },
    lines: [
      ...KEYS.filter((key) => !isWanted(key) && key !== ONE && key !== TWO).map(removal),
      { ...removal(TWO), kind: "on_hold" },
      { ...removal(WANTED[1] ?? ""), kind: "added" },
      { ...removal(WANTED[2] ?? ""), runId: "former" },
    ],
  },
  "lines about what drifted": {
    next: (tx, args) => nextDrifted(tx, "lines about what drifted", args),
    row: () => ({}),
    others: {},
    lines: [
      ...WANTED.map((key) => ({ key, ...drifted })),
      { key: ONE, kind: "drifted" },
      { key: TWO, ...drifted, runId: "former" },
      { key: THREE, ...drifted, kind: "failed" },
      ...KEYS.slice(4)
        .filter((key) => !isWanted(key))
        .map((key) => ({ key, kind: "skipped", reason: "empty" })),
    ],
  },
};

async function fill({ prisma }: Tx, name: string, kind: Kind): Promise<void> {
  await prisma.connection.create({ data: connection(name) });
  await prisma.syncRun.create({ data: syncRun(name, name) });
  await prisma.sourceObject.createMany({
    data: KEYS.map((key) => ({
      ...object(key),
      connectionId: name,
      ...(kind.others[key] ?? kind.row(key)),
    })),
  });
  await prisma.runChange.createMany({
    data: (kind.lines ?? []).map((line) => ({ runId: name, attempt: 0, at: 1n, ...line })),
  });
  for (const [status, keys] of Object.entries(kind.holds ?? {})) {
    const id = `${name} ${status}`;
    await prisma.hold.create({
      data: { id, connectionId: name, runId: name, status, reason: "many", createdAt: 1n },
    });
    await prisma.holdKey.createMany({ data: keys.map((key) => ({ holdId: id, key })) });
  }
}

beforeAll(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async (tx) => {
    await tx.prisma.connection.create({ data: connection("other") });
    await tx.prisma.syncRun.createMany({
      data: ["plan", "former"].map((id) => ({ ...syncRun(id, "other"), status: "completed" })),
    });
    for (const [name, kind] of Object.entries(KINDS)) await fill(tx, name, kind);
  });
});
afterAll(() => remove());

/** All of them, in several calls, each of which goes on behind the last key of the one before. */
async function walk(tx: Tx, { next }: Kind, args: Omit<NextArgs, "afterKey">) {
  const keys: string[] = [];
  for (let calls = 1; ; calls++) {
    const found = await next(tx, { ...args, afterKey: keys.at(-1) ?? "" });
    if (found.length === 0) return { keys, calls };
    expect(found.length).toBeLessThanOrEqual(args.countMax);
    keys.push(...found.map((row) => (typeof row === "string" ? row : row.key)));
  }
}

describe.each(Object.entries(KINDS))("%s", (_name, kind) => {
  const found = async (args: Omit<NextArgs, "afterKey">) =>
    (await database.reading((tx) => walk(tx, kind, args))).keys;

  test.each([1, 2, 7, 8, ROWS - 1, ROWS, ROWS + 1])(
    "are found among the others, in key order, when a statement goes through %i rows",
    async (rowsMax) => {
      for (const countMax of COUNTS_MAX) expect(await found({ countMax, rowsMax })).toEqual(WANTED);
    },
  );

  test("are found just so by statements of the database's own size", async () => {
    for (const countMax of COUNTS_MAX) expect(await found({ countMax })).toEqual(WANTED);
  });

  test("are looked for from where the call before ended, and each row is gone through once", async () => {
    const rowsMax = 5;
    const { calls, statements } = await database.reading(async ({ prisma, sql }) => {
      let statements = 0;
      const all: typeof sql.all = (text, ...bindings) => {
        statements++;
        return sql.all(text, ...bindings);
      };
      const walked = await walk({ prisma, sql: { ...sql, all } }, kind, { countMax: 1, rowsMax });
      return { ...walked, statements };
    });
    expect(calls).toBe(WANTED.length + 1);
    expect(statements).toBeLessThanOrEqual(ROWS / rowsMax + calls);
  });
});

test("whatever else waits has its turn while few are looked for among many", async () => {
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    for (; !isOver; turns++) await turn();
  })();
  const { next } = KINDS["failures that are due"] ?? expect.fail();
  await database.reading((tx) => next(tx, { afterKey: "", countMax: ROWS, rowsMax: 1 }));
  isOver = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(ROWS - 4);
});

test("of what a run found drifted only those lines go that still say so", async () => {
  const runId = "lines about what drifted";
  const [first = "", second = ""] = WANTED;
  const remaining = await database.transaction(async (tx) => {
    await dropDrifted(tx, runId, [first, ONE, THREE, nameOf(4)]);
    return tx.prisma.runChange.findMany({ where: { runId }, select: { key: true }, orderBy: { key: "asc" } });
  });
  expect(remaining.map(({ key }) => key)).toEqual(KEYS.filter((key) => key !== first && key !== TWO));
  expect(await database.reading((tx) => nextDrifted(tx, runId, { afterKey: "", countMax: 1 }))).toEqual([
    second,
  ]);
});
