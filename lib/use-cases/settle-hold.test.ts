import { afterEach, beforeEach, expect, test } from "vitest";
import { listHeldKeys } from "@/lib/holds/list-held-keys";
import { settleHold } from "./settle-hold";
import { ADA, type Connected, NOW, openConnected, TENANT } from "./testing/connected";

let connected: Connected;
beforeEach(async () => {
  connected = await openConnected();
});
afterEach(() => connected.remove());

const KEYS = ["B.txt", "a.txt", "ä.txt", "b.txt"];

async function putOnHold(): Promise<void> {
  const { connectionId } = connected;
  const facts = { connectionId, runId: "r1", status: "open", reason: "share", createdAt: BigInt(NOW) };
  await connected.database.transaction(async ({ prisma }) => {
    await prisma.hold.create({ data: { id: "h", ...facts } });
    await prisma.holdKey.createMany({ data: KEYS.map((key) => ({ holdId: "h", key })) });
  });
}

const page = (afterKey: string, limit: number, actor = ADA) =>
  connected.database.reading((tx) =>
    listHeldKeys({ actor, tx, input: { connectionId: connected.connectionId, afterKey, limit } }),
  );

test("keys on hold come in pages in the order of their bytes, each key once", async () => {
  await putOnHold();
  const first = await page("", 3);
  expect(first.keys).toEqual(["B.txt", "a.txt", "b.txt"]);
  expect(first).toMatchObject({ hold: { runId: "r1", keyCount: 4, createdAt: NOW }, nextAfterKey: "b.txt" });
  expect(await page("b.txt", 3)).toMatchObject({ keys: ["ä.txt"], nextAfterKey: null });
  await expect(page("", 3, TENANT)).rejects.toMatchObject({ code: "forbidden" });
});

test("what was decided waits no more, and the audit has who decided", async () => {
  await putOnHold();
  const { database, connectionId } = connected;
  const where = { read: database.reading, write: database.transaction, now: NOW };
  const input = { connectionId, decision: "dismiss" as const, runId: "r1" };
  await expect(settleHold({ ...where, actor: TENANT, input })).rejects.toMatchObject({ code: "forbidden" });
  expect(await settleHold({ ...where, actor: ADA, input })).toEqual({ keyCount: 4, run: null });
  expect(await page("", 3)).toEqual({ hold: null, keys: [], nextAfterKey: null });
  expect(await connected.audit()).toEqual(["hold.dismissed"]);
});
