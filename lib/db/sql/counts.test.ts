import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { COUNTED_ROWS_MAX } from "@/lib/core/limits";
import type { Database, Tx } from "../database";
import { connection, syncRun } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { countAbsence } from "./absence";
import { jsonText } from "./json-text";
import { countPlacesTaken, nextPromised } from "./places";
import { countPlannedPlaces } from "./planned-places";
import { countPlannedRemovals } from "./plans";
import { countRun } from "./run-records";

let database: Database;
let remove: () => Promise<void>;

const LEASE = { runId: "r", connectionId: "c", leaseToken: "w:1" };
/** More than one piece has. */
const COUNT = COUNTED_ROWS_MAX + 500;
const nameOf = (at: number) => `${String(at).padStart(6, "0")}.txt`;
const KEYS = jsonText(Array.from({ length: COUNT }, (_, at) => nameOf(at)));
const FIRST = nameOf(0);
const LAST = nameOf(COUNT - 1);

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(async ({ prisma, sql }) => {
    await prisma.connection.create({ data: connection("c") });
    await prisma.syncRun.create({ data: syncRun("r", "c") });
    await sql.run(
      `INSERT INTO object (connection_id, key, document_id, outcome, listed_etag, stored_etag, size_bytes, last_modified,
         storage_class)
       SELECT 'c', j.value, j.value, 'stored', '"e"', '"e"', 4, 1, 'STANDARD' FROM (${sql.dialect.texts()}) AS j`,
      KEYS,
    );
  });
});
afterEach(() => remove());

const write = (text: string, ...bindings: string[]) =>
  database.transaction(({ sql }) => sql.run(text, ...bindings));
const set = (key: string, values: string) => write(`UPDATE object SET ${values} WHERE key = ?`, key);
const QUEUED = `outcome = 'queued', wanted_run = 'r', document_id = NULL, stored_etag = NULL`;
const STORED = `outcome = 'stored', wanted_run = NULL, document_id = key, stored_etag = '"e"'`;
const SKIPPED = `outcome = 'skipped', wanted_run = NULL, document_id = NULL, stored_etag = NULL`;

const writeLines = (kinds: string) =>
  database.transaction(({ sql }) =>
    sql.run(
      `INSERT INTO run_change (run_id, key, kind, reason, attempt, at)
       SELECT 'r', key, kind, CASE WHEN kind = 'skipped' THEN 'empty' END, 0, 1
       FROM (SELECT key, ${kinds} AS kind FROM object) AS lines`,
    ),
  );

/** Counts in pieces, and does something else when the first is counted and the second is not. */
function countAround<T>(count: (tx: Tx) => Promise<T>, between: () => Promise<unknown>): Promise<T> {
  return database.reading(({ prisma, sql }) => {
    let cuts = 0;
    const get: typeof sql.get = async (text, ...bindings) => {
      if (text.includes("OFFSET") && ++cuts === 2) await between();
      return sql.get(text, ...bindings);
    };
    const dialect = { ...sql.dialect, runsInProcess: true };
    return count({ prisma, sql: { ...sql, dialect, get } });
  });
}

describe("places taken", () => {
  const count = (tx: Tx) => countPlacesTaken(tx, LEASE);

  test("are those of documents and of what this run has queued; not of failures without a tag", async () => {
    await set(nameOf(1), QUEUED);
    await set(nameOf(2), QUEUED);
    await set(nameOf(2), `wanted_run = 'former'`);
    await set(nameOf(3), `outcome = 'failed', reason = 'invalid_container_tag', stored_etag = NULL`);
    await set(nameOf(4), `outcome = 'failed', reason = 'invalid_container_tag'`);
    await set(nameOf(5), `outcome = 'failed', reason = 'extract_failed', stored_etag = NULL`);
    await set(LAST, SKIPPED);
    expect(await database.reading(count)).toBe(COUNT - 3);
  });

  test.each([FIRST, LAST])("of an object that is stored meanwhile (%s) count once", async (key) => {
    await set(key, QUEUED);
    expect(await countAround(count, () => set(key, STORED))).toBe(COUNT);
  });

  test.each([
    [FIRST, COUNT],
    [LAST, COUNT - 1],
  ])("that come free meanwhile (%s) are never less than what is taken at the end", async (key, counted) => {
    await set(key, QUEUED);
    expect(await countAround(count, () => set(key, SKIPPED))).toBe(counted);
  });
});

test("keys that a run has promised a place are found wherever they stand, in key order", async () => {
  const promised = [FIRST, nameOf(7), LAST];
  await write(`UPDATE object SET outcome = 'over_limit', document_id = NULL`);
  for (const key of promised) await set(key, `wanted_run = 'r'`);
  await set(nameOf(8), `wanted_run = 'r', missing_since_run = 'r'`);
  await set(nameOf(9), `wanted_run = 'former'`);
  const next = async (args: { untilKey: string | null; countMax: number }, afterKey = "") =>
    (await database.reading((tx) => nextPromised(tx, LEASE, { afterKey, ...args }))).map(({ key }) => key);
  expect(await next({ untilKey: null, countMax: 5 })).toEqual(promised);
  expect(await next({ untilKey: null, countMax: 2 })).toEqual(promised.slice(0, 2));
  expect(await next({ untilKey: nameOf(7), countMax: 5 })).toEqual(promised.slice(0, 2));
  expect(await next({ untilKey: null, countMax: 5 }, FIRST)).toEqual(promised.slice(1));
  await set(FIRST, `wanted_run = NULL`);
  expect(await next({ untilKey: null, countMax: 1 })).toEqual([nameOf(7)]);
});

describe("what the guard decides by", () => {
  const count = (tx: Tx) => countAbsence(tx, LEASE);
  const MARKED = `missing_since_run = 'r', missing_since = 1`;

  test("is all documents and those marked absent, in every piece; no kept one, and none of another run", async () => {
    await set(FIRST, MARKED);
    await set(LAST, MARKED);
    await set(nameOf(1), `${MARKED}, is_absence_kept = TRUE`);
    await set(nameOf(2), `${MARKED}, ${SKIPPED}`);
    await set(nameOf(3), `missing_since_run = 'former', missing_since = 1`);
    expect(await database.reading(count)).toEqual({ stored: COUNT - 1, absent: 2 });
  });

  test("documents that are made meanwhile behind the count make it stricter, never milder", async () => {
    await set(LAST, MARKED);
    await set(FIRST, QUEUED);
    const counts = await countAround(count, () => set(FIRST, STORED));
    expect(counts).toEqual({ stored: COUNT - 1, absent: 1 });
  });

  test("nothing is counted where nothing is marked", async () => {
    expect(await database.reading(count)).toEqual({ stored: 0, absent: 0 });
  });
});

describe("a plan", () => {
  test("frees the places of its removals that have one, and counts those that wait for a person", async () => {
    await writeLines(
      `CASE WHEN key LIKE '%0.txt' THEN 'removed' WHEN key LIKE '%1.txt' THEN 'on_hold' ELSE 'added' END`,
    );
    await set(nameOf(10), `outcome = 'failed', reason = 'invalid_container_tag', stored_etag = NULL`);
    await set(nameOf(20), SKIPPED);
    const tenth = COUNT / 10;
    expect(await database.reading((tx) => countPlannedPlaces(tx, LEASE))).toEqual({
      added: tenth * 8,
      freed: tenth - 2,
    });
    expect(await database.reading((tx) => countPlannedRemovals(tx, LEASE))).toEqual({
      stored: COUNT - 1,
      absent: tenth * 2,
    });
  });
});

describe("a run's numbers", () => {
  const count = (tx: Tx) => countRun(tx, "r");
  const OVER_LIMIT = 3;
  beforeEach(async () => {
    await writeLines(
      `CASE WHEN key LIKE '%0.txt' THEN 'skipped' WHEN key LIKE '%1.txt' THEN 'failed' ELSE 'added' END`,
    );
    await write(
      `INSERT INTO listing_range (run_id, position, after_key, status, listed, unchanged, over_limit, skipped)
       VALUES ('r', 0, '', 'closed', ${COUNT + OVER_LIMIT}, 0, ${OVER_LIMIT}, '{}')`,
    );
  });

  test("are those of all its rows", async () => {
    const tenth = COUNT / 10;
    expect(await database.reading(count)).toMatchObject({
      listed: COUNT + OVER_LIMIT,
      overLimit: OVER_LIMIT,
      skipped: { empty: tenth },
      changes: { skipped: tenth, failed: tenth, added: tenth * 8 },
    });
  });

  test.each([
    ["!", "counted"],
    ["z", "yet to be counted"],
  ])(
    "hold a parked object that is stored meanwhile no more than once: as %s, whose place is %s",
    async (key) => {
      const counts = await countAround(count, async () => {
        await write(`UPDATE listing_range SET over_limit = over_limit - 1`);
        await write(
          `INSERT INTO run_change (run_id, key, kind, attempt, at) VALUES ('r', ?, 'added', 0, 1)`,
          key,
        );
      });
      const rows = Object.values(counts.changes).reduce((sum, rest) => sum + rest, 0);
      expect(rows + counts.overLimit).toBeLessThanOrEqual(counts.listed);
      expect(counts.overLimit).toBe(OVER_LIMIT - 1);
    },
  );
});
