import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

test("Prisma's own raw queries: a computed column has the type of its first value", async () => {
  const [row] = await database.reading(
    ({ prisma }) =>
      prisma.$queryRaw<
        unknown[]
      >`SELECT ${2n ** 40n} AS large, ${"text"} AS text, ${true} AS yes, ${null} AS none, 1.5 AS half`,
  );
  expect(row).toEqual({ large: 2n ** 40n, text: "text", yes: 1n, none: null, half: 1.5 });
});
