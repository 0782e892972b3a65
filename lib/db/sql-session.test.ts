import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "./database";
import { jsonText } from "./sql/json-text";
import type { SqlSession } from "./sql-session";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeAll(() => {
  ({ database, remove } = temporaryDatabase());
});
afterAll(() => remove());

const read = <T>(work: (sql: SqlSession) => Promise<T>) => database.reading(({ sql }) => work(sql));
const write = <T>(work: (sql: SqlSession) => Promise<T>) => database.transaction(({ sql }) => work(sql));
const setting = (sql: SqlSession, key: string, value: string) =>
  sql.run(
    `INSERT INTO setting (key, value, updated_at) VALUES (?, ?, 1)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    key,
    value,
  );

describe("where bindings stand", () => {
  test.each<[string, string, (string | number)[], string]>([
    ["one after the other", "? || ? || ?", ["a", "b", "c"], "abc"],
    ["by their number", "?2 || ?1 || ?2", ["a", "b"], "bab"],
    ["one after the other behind a number", "?1 || ? || ?", ["a", "b", "c"], "abc"],
    ["with one that no place names", "?1 || ?3", ["a", "unused", "c"], "ac"],
  ])("%s", async (_what, expression, bindings, expected) => {
    const casted = expression.replace(/\?\d?/g, "CAST($& AS TEXT)");
    const row = await read((sql) => sql.get<{ found: string }>(`SELECT ${casted} AS found`, ...bindings));
    expect(row?.found).toBe(expected);
  });

  test("text with a quote, a question mark and a dollar is only text", async () => {
    const value = `'?1 $1 \\`;
    await write((sql) => setting(sql, "signs", value));
    expect(await read((sql) => sql.get(`SELECT value FROM setting WHERE value = ?`, value))).toEqual({
      value,
    });
  });

  test("a NUL becomes the replacement character, in a binding and in a list", async () => {
    await write((sql) => setting(sql, "nul", "a\0b"));
    const row = await read((sql) =>
      sql.get(`SELECT value FROM setting WHERE value IN (${sql.dialect.texts()})`, jsonText(["a\0b"])),
    );
    expect(row).toEqual({ value: "a\ufffdb" });
  });
});

describe("what comes back", () => {
  test("whole numbers of every width, counts and sums are numbers; truth values are 0 and 1", async () => {
    const row = await read((sql) =>
      sql.get(
        `SELECT CAST(7 AS INTEGER) AS small, CAST(?1 AS BIGINT) AS large, count(*) AS count,
           sum(CAST(?1 AS BIGINT)) AS sum, 1 = 1 AS yes, 1 = 2 AS no, CAST(NULL AS TEXT) AS none`,
        1_790_000_000_000,
      ),
    );
    expect(row).toMatchObject({ small: 7, large: 1_790_000_000_000, count: 1, sum: 1_790_000_000_000 });
    expect(row).toMatchObject({ yes: 1, no: 0, none: null });
  });

  test("no row is undefined, and changes are the rows that a condition met", async () => {
    expect(await read((sql) => sql.get(`SELECT key FROM setting WHERE key = 'none'`))).toBeUndefined();
    await write((sql) => setting(sql, "met", "1"));
    const update = (key: string) =>
      write((sql) => sql.run(`UPDATE setting SET value = '2' WHERE key = ?`, key));
    expect((await update("met")).changes).toBe(1);
    expect((await update("none")).changes).toBe(0);
  });
});

describe("lists in JSON", () => {
  const COLUMNS = {
    key: "text",
    sizeBytes: "bigint",
    attempts: "integer",
    isCut: "boolean",
    storedTags: "text",
  } as const;
  const list = [
    { key: "天気 'q' \"d\" \\", sizeBytes: 2 ** 53 - 1, attempts: 3, isCut: true, storedTags: null },
    { key: "a\u2028b\n", sizeBytes: 0, attempts: 0, isCut: false, storedTags: "" },
  ];

  test("objects are rows with columns in snake case, each value as it was", async () => {
    const rows = await read((sql) =>
      sql.all(
        `SELECT j.key, j.size_bytes, j.attempts, j.is_cut, j.stored_tags FROM ${sql.dialect.rows(COLUMNS)}
         ORDER BY j.attempts DESC`,
        sql.dialect.list(COLUMNS, list),
      ),
    );
    expect(rows).toMatchObject(
      list.map(({ key, sizeBytes, attempts, isCut, storedTags }) => ({
        key,
        size_bytes: sizeBytes,
        attempts,
        is_cut: isCut ? 1 : 0,
        stored_tags: storedTags,
      })),
    );
  });

  test("what is null at the end of an object is null in its row, and what is no column is not sent", async () => {
    const short = {
      key: "k",
      sizeBytes: null,
      attempts: null,
      isCut: null,
      storedTags: null,
      more: "unsent",
    };
    const columns = "j.key, j.size_bytes, j.attempts, j.is_cut, j.stored_tags";
    const row = await read((sql) => {
      const text = sql.dialect.list(COLUMNS, [short]);
      expect(text).not.toContain("unsent");
      return sql.get(`SELECT ${columns} FROM ${sql.dialect.rows(COLUMNS)}`, text);
    });
    expect(row).toMatchObject({
      key: "k",
      size_bytes: null,
      attempts: null,
      is_cut: null,
      stored_tags: null,
    });
  });

  test("a value of its own comes as the JSON text it would have alone", async () => {
    const columns = { key: "text", facts: "json" } as const;
    const facts = { bucket: 'b "q" \\ \n', key: "🙂 ü", sizeBytes: 7 };
    const row = await read((sql) =>
      sql.get<{ facts: string }>(
        `SELECT j.facts FROM ${sql.dialect.rows(columns)}`,
        sql.dialect.list(columns, [{ key: "k", facts }]),
      ),
    );
    expect(row?.facts).toBe(JSON.stringify(facts));
  });

  test("a truth value of a list can be written into a column of its own", async () => {
    await write((sql) =>
      sql.run(
        `INSERT INTO document (id, type, status, is_cut, created_at, updated_at)
         SELECT j.key, 'text', 'done', j.is_cut, 1, 1 FROM ${sql.dialect.rows(COLUMNS)}`,
        sql.dialect.list(COLUMNS, list),
      ),
    );
    const cut = await database.reading(({ prisma }) => prisma.document.findMany({ where: { isCut: true } }));
    expect(cut.map(({ id }) => id)).toEqual([list[0]?.key]);
  });

  test("texts and numbers are sets", async () => {
    const found = await read((sql) =>
      sql.get(
        `SELECT 'b' IN (${sql.dialect.texts("?1")}) AS text, 'x' IN (${sql.dialect.texts("?1")}) AS other,
           2 IN (${sql.dialect.numbers("?2")}) AS number, 9 IN (${sql.dialect.numbers("?3")}) AS empty`,
        jsonText(["a", "b"]),
        jsonText([1, 2]),
        jsonText([]),
      ),
    );
    expect(found).toMatchObject({ text: 1, other: 0, number: 1, empty: 0 });
  });

  test("of two objects the second one's values win, and the rest stays", async () => {
    const first = JSON.stringify({ kept: "K", size: 1, note: "ü" });
    const row = await read((sql) =>
      sql.get<{ merged: string }>(
        `SELECT ${sql.dialect.mergeJson("CAST(? AS TEXT)", "CAST(? AS TEXT)")} AS merged`,
        first,
        JSON.stringify({ size: 2, bucket: "b" }),
      ),
    );
    expect(JSON.parse(row?.merged ?? "")).toEqual({ kept: "K", note: "ü", size: 2, bucket: "b" });
  });
});

test("LIKE meets ASCII letters whatever their case, and other letters as they are", async () => {
  const like = (value: string, pattern: string) =>
    write(async (sql) => {
      await setting(sql, "like", value);
      const { like: word } = sql.dialect;
      return (
        (await sql.get(
          `SELECT 1 AS found FROM setting WHERE key = 'like' AND value ${word} ? ESCAPE '\\'`,
          pattern,
        )) !== undefined
      );
    });
  expect(await like("Annual REPORT", "%report%")).toBe(true);
  expect(await like("ÄPFEL", "%äpfel%")).toBe(false);
  expect(await like("100% sure", "%0\\% s%")).toBe(true);
  expect(await like("100 sure", "%0\\% s%")).toBe(false);
});
