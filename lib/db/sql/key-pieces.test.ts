import { setImmediate as turn } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "../database";
import { object } from "../testing/sample-rows";
import { temporaryDatabase } from "../testing/temporary-database";
import { cutIntoPieces } from "./key-pieces";

let database: Database;
let remove: () => Promise<void>;

const KEYS = ["\x01", "A", "a", "a/b", "aa", "file", "file/child", "か\u3099", "天気", "🙂"];

beforeAll(async () => {
  ({ database, remove } = temporaryDatabase());
  await database.transaction(({ prisma }) =>
    prisma.sourceObject.createMany({
      data: KEYS.flatMap((key) => [object(key), { ...object(`${key}!`), connectionId: "other" }]),
    }),
  );
});
afterAll(() => remove());

/** What statements about the pieces find, one list for each. */
const cut = (ownerId: string, rowsMax: number) =>
  database.reading(async ({ sql }) => {
    const found: string[][] = [];
    for await (const piece of cutIntoPieces(sql, { table: "object", ownerId, rowsMax })) {
      const rows = await sql.all<{ key: string }>(
        `SELECT key FROM object WHERE connection_id = ?1 AND key > ?2 AND key <= ?3 ORDER BY key`,
        ...piece,
      );
      found.push(rows.map(({ key }) => key));
    }
    return found;
  });

test.each([1, 3, KEYS.length - 1, KEYS.length, KEYS.length + 1])(
  "pieces of %i rows hold each row of their owner once, in the order of the keys",
  async (rowsMax) => {
    const pieces = await cut("c", rowsMax);
    expect(pieces.flat()).toEqual(KEYS);
    expect(pieces).toHaveLength(Math.ceil(KEYS.length / rowsMax));
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(rowsMax);
  },
);

test("there is no piece where there is no row", async () => {
  expect(await cut("nobody", 3)).toEqual([]);
});

test("whatever else waits has its turn between two pieces", async () => {
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    for (; !isOver; turns++) await turn();
  })();
  const pieces = await cut("c", 1);
  isOver = true;
  await others;
  expect(turns).toBeGreaterThanOrEqual(pieces.length - 1);
});
