import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "@/lib/core/actor";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { createApiKey } from "./create-api-key";
import { ensureEnvironmentKey } from "./ensure-environment-key";
import { ensureFirstApiKey } from "./ensure-first-api-key";
import { findApiKey } from "./find-api-key";
import { listApiKeys } from "./list-api-keys";
import { revokeApiKey } from "./revoke-api-key";
import { createApiKeyInput } from "./schema";
import { isUseWorthNoting, touchApiKey } from "./touch-api-key";

const NOW = 1_000_000_000;
const ADA: Actor = { kind: "person", userId: "1", email: "ada@example.com", address: null };
const START: Actor = { kind: "system", name: "start" };

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const create = (name = "a script", tags: string[] | null = null) =>
  database.transaction((tx) => createApiKey({ actor: ADA, tx, input: { name, tags }, now: NOW }));
const find = (key: string) => database.reading((tx) => findApiKey({ tx, input: { key } }));
const revoke = (id: string) =>
  database.transaction((tx) => revokeApiKey({ actor: ADA, tx, input: { id }, now: NOW }));
const list = () => database.reading((tx) => listApiKeys({ tx }));
const actions = async () =>
  (await database.reading((tx) => tx.prisma.auditEntry.findMany())).map((entry) => entry.action);

describe("an API key", () => {
  test("is 256 random bits behind sm_, told once and stored as a hash", async () => {
    const { key, view } = await create();
    expect(key).toMatch(/^sm_[\w-]{43}$/);
    expect(key.startsWith(view.prefix)).toBe(true);
    const everything = await database.reading(async (tx) => [
      await tx.prisma.apiKey.findMany(),
      await tx.prisma.auditEntry.findMany(),
    ]);
    const text = JSON.stringify(everything, (_, value) =>
      typeof value === "bigint" ? Number(value) : value,
    );
    expect(text).not.toContain(key);
  });

  test("is found with its tags; another one, and its hash, are not keys", async () => {
    const { key, view } = await create("tenant", ["tenant_1"]);
    expect(await find(key)).toEqual({ id: view.id, name: "tenant", tags: ["tenant_1"], lastUsedAt: null });
    expect(await find(`${key}x`)).toBeNull();
    const row = await database.reading((tx) => tx.prisma.apiKey.findFirst());
    expect(await find(row?.hash ?? "")).toBeNull();
  });

  test("opens nothing once it is revoked, and stays in the list", async () => {
    const { key, view } = await create();
    await revoke(view.id);
    await revoke(view.id);
    expect(await find(key)).toBeNull();
    expect((await list()).map((listed) => listed.revokedAt)).toEqual([NOW]);
    expect(await actions()).toEqual(["api_key.created", "api_key.revoked"]);
  });

  test("revoking one that does not exist says so", async () => {
    await expect(revoke("nothing")).rejects.toMatchObject({ code: "not_found" });
  });

  test("cannot be confined to no tags at all, or to one that is none", () => {
    expect(createApiKeyInput.safeParse({ name: "a", tags: [] }).success).toBe(false);
    expect(createApiKeyInput.safeParse({ name: "a", tags: ["a b"] }).success).toBe(false);
    expect(createApiKeyInput.parse({ name: " a " })).toEqual({ name: "a", tags: null });
  });

  test("a row whose tags cannot be read opens nothing rather than everything", async () => {
    const { key, view } = await create("tenant", ["tenant_1"]);
    await database.transaction((tx) =>
      tx.prisma.apiKey.update({ where: { id: view.id }, data: { tags: "[]" } }),
    );
    await expect(find(key)).rejects.toThrow();
  });

  test("its last use is noted once a minute", async () => {
    const { key, view } = await create();
    const touch = (now: number) =>
      database.transaction((tx) => touchApiKey({ tx, input: { id: view.id }, now }));
    expect(isUseWorthNoting(null, NOW)).toBe(true);
    await touch(NOW);
    expect(isUseWorthNoting(NOW, NOW + 59_999)).toBe(false);
    await touch(NOW + 59_999);
    expect((await find(key))?.lastUsedAt).toBe(NOW);
    await touch(NOW + 60_000);
    expect((await find(key))?.lastUsedAt).toBe(NOW + 60_000);
  });

  test("the first one is made once, and not again after it was revoked", async () => {
    const first = () => database.transaction((tx) => ensureFirstApiKey({ actor: START, tx, now: NOW }));
    const key = await first();
    expect(await find(key ?? "")).not.toBeNull();
    expect(await first()).toBeNull();
    await revoke((await list())[0]?.id ?? "");
    expect(await first()).toBeNull();
  });
});

describe("the key of the environment", () => {
  const ONE = "1".repeat(32);
  const TWO = "2".repeat(32);
  const start = (key: string | null) =>
    database.transaction((tx) => ensureEnvironmentKey({ actor: START, tx, input: { key }, now: NOW }));
  const good = async () => [await find(ONE), await find(TWO)].map((found) => found?.name ?? null);

  test("exists from the start under the name environment, and once", async () => {
    await start(ONE);
    await start(ONE);
    expect(await good()).toEqual(["environment", null]);
    expect(await list()).toHaveLength(1);
    expect(await actions()).toEqual(["api_key.created"]);
  });

  test("goes when the variable changes, and comes back with it", async () => {
    await start(ONE);
    await start(TWO);
    expect(await good()).toEqual([null, "environment"]);
    await start(ONE);
    expect(await good()).toEqual(["environment", null]);
  });

  test("goes when the variable is removed, and takes no other key with it", async () => {
    const { key } = await create("environment");
    await start(ONE);
    await start(null);
    expect(await good()).toEqual([null, null]);
    expect(await find(key)).not.toBeNull();
  });

  test("cannot be revoked in the console, since the next start would bring it back", async () => {
    await start(ONE);
    const [view] = await list();
    expect(view?.isFromEnvironment).toBe(true);
    await expect(revoke(view?.id ?? "")).rejects.toMatchObject({ code: "conflict" });
    expect(await good()).toEqual(["environment", null]);
  });

  test("a key that a person revoked stays revoked when it is put into the variable", async () => {
    const { key, view } = await create("a leaked one");
    await revoke(view.id);
    await expect(start(key)).rejects.toThrow('the key "a leaked one" was revoked');
    expect(await find(key)).toBeNull();
  });
});
