import { afterEach, beforeEach, expect, test } from "vitest";
import type { Database } from "./database";
import { temporaryDatabase } from "./testing/temporary-database";

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
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
