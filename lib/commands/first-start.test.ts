import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findApiKey } from "@/lib/api-keys/find-api-key";
import { createFirstAdministrator } from "@/lib/auth/create-first-administrator";
import { signIn } from "@/lib/auth/sign-in";
import { EMAIL, ORIGIN, PASSWORD, storeOf } from "@/lib/auth/testing/temporary-administrator";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { newSecretKey, openVault } from "@/lib/secrets/vault";
import { runAdmin } from "./admin";
import { type FirstStartArgs, prepareFirstStart } from "./first-start";
import { FIRST_START_FILE } from "./tell-operator";

const NOW = 1_000_000_000;
const URL = "http://127.0.0.1:3000";
const vault = openVault({ current: newSecretKey(), previous: null });

let database: Database;
let dataDir: string;
let remove: () => Promise<void>;
let printed: string[];

beforeEach(() => {
  ({ database, dataDir, remove } = temporaryDatabase());
  printed = [];
});
afterEach(() => remove());

const terminal = (isTTY: boolean) => ({ isTTY, print: (text: string) => void printed.push(text) });
const env = (more: Partial<FirstStartArgs["env"]> = {}) => ({
  url: URL,
  dataDir,
  apiKey: null,
  admin: null,
  ...more,
});
const start = (
  args: { isTTY?: boolean; env?: Partial<FirstStartArgs["env"]>; vault?: FirstStartArgs["vault"] } = {},
) =>
  prepareFirstStart({
    env: env(args.env),
    database,
    vault: args.vault ?? vault,
    now: NOW,
    terminal: terminal(args.isTTY ?? true),
  });
const admin = (words: string[], more: Partial<FirstStartArgs["env"]> = {}) =>
  runAdmin({ words, env: env(more), database, now: NOW, terminal: terminal(true) });
const tokenIn = (text: string) => /\/setup#token=([\w-]+)/.exec(text)?.[1] ?? null;
const keyIn = (text: string) => /API key: (\S+)/.exec(text)?.[1] ?? null;
const isKey = async (key: string | null) =>
  (await database.reading((tx) => findApiKey({ tx, input: { key: key ?? "" } }))) !== null;
const setUp = (token: string | null) =>
  createFirstAdministrator({
    ...storeOf(database),
    input: { token: token ?? "", email: EMAIL, password: PASSWORD, ...ORIGIN },
    now: NOW,
  });
const file = () => path.join(dataDir, FIRST_START_FILE);

describe("the first start at a terminal", () => {
  test("shows a link that sets Sluice up, and a key that opens the API", async () => {
    await start();
    const text = printed.join("");
    expect(text).toContain(`${URL}/setup#token=`);
    expect(await isKey(keyIn(text))).toBe(true);
    await setUp(tokenIn(text));
    expect(existsSync(file())).toBe(false);
  });

  test("later starts show a new link until it is used, the key never again, and then nothing", async () => {
    await start();
    const first = printed.join("");
    printed = [];
    await start();
    expect(keyIn(printed.join(""))).toBeNull();
    expect(tokenIn(printed.join(""))).not.toBe(tokenIn(first));
    await setUp(tokenIn(printed.join("")));
    printed = [];
    await start();
    expect(printed).toEqual([]);
  });
});

describe("the first start without a terminal", () => {
  test("puts link and key into a file for its owner alone, and prints only where that is", async () => {
    await start({ isTTY: false });
    const text = readFileSync(file(), "utf8");
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(await isKey(keyIn(text))).toBe(true);
    expect(printed.join("")).toContain(file());
    for (const secret of [keyIn(text), tokenIn(text)]) expect(printed.join("")).not.toContain(secret);
  });

  test("a start that renews the link keeps the key in the file", async () => {
    await start({ isTTY: false });
    const first = readFileSync(file(), "utf8");
    await start({ isTTY: false });
    const second = readFileSync(file(), "utf8");
    expect(keyIn(second)).toBe(keyIn(first));
    await expect(setUp(tokenIn(first))).rejects.toMatchObject({ code: "forbidden" });
    await setUp(tokenIn(second));
  });

  test("the file goes at the first start after the set-up", async () => {
    await start({ isTTY: false });
    await setUp(tokenIn(readFileSync(file(), "utf8")));
    await start({ isTTY: false });
    expect(existsSync(file())).toBe(false);
  });
});

describe("a start from the environment", () => {
  const given = { apiKey: "k".repeat(32), admin: { email: EMAIL, password: PASSWORD } };

  test("needs no link and makes no key of its own", async () => {
    await start({ env: given });
    expect(printed).toEqual([]);
    expect(await isKey(given.apiKey)).toBe(true);
    expect(await database.reading((tx) => tx.prisma.apiKey.count())).toBe(1);
    await signIn({ ...storeOf(database), input: { email: EMAIL, password: PASSWORD, ...ORIGIN }, now: NOW });
  });

  test("with a password that is too short it does not happen", async () => {
    const short = { admin: { email: EMAIL, password: "short" } };
    await expect(start({ env: short })).rejects.toThrow("SLUICE_ADMIN_PASSWORD");
  });
});

describe("the seal", () => {
  test("another secret key refuses to start and leaves everything as it is", async () => {
    await start();
    printed = [];
    const foreign = openVault({ current: newSecretKey(), previous: null });
    await expect(start({ vault: foreign })).rejects.toThrow("SLUICE_SECRET_KEY");
    expect(printed).toEqual([]);
    await start();
  });

  test("a new key with the old one beside it starts", async () => {
    const old = newSecretKey();
    await start({ vault: openVault({ current: old, previous: null }) });
    await start({ vault: openVault({ current: newSecretKey(), previous: old }) });
  });
});

describe("npm run admin -- reset", () => {
  test("makes the old password worthless and shows a link that works", async () => {
    await start();
    const { token } = await setUp(tokenIn(printed.join("")));
    printed = [];
    expect(await admin(["reset"])).toBe(0);
    expect(token).toBeTruthy();
    const input = { email: EMAIL, password: PASSWORD, ...ORIGIN };
    await expect(signIn({ ...storeOf(database), input, now: NOW })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect(await database.reading((tx) => tx.prisma.session.count())).toBe(0);
    await setUp(tokenIn(printed.join("\n")));
  });

  test("with an administrator in the environment creates that one and shows no link", async () => {
    await start();
    await setUp(tokenIn(printed.join("")));
    printed = [];
    const ops = { email: "ops@example.com", password: "the operator's own river" };
    expect(await admin(["reset"], { admin: ops })).toBe(0);
    expect(tokenIn(printed.join("\n"))).toBeNull();
    await signIn({ ...storeOf(database), input: { ...ops, ...ORIGIN }, now: NOW });
  });

  test.each([[[]], [["remove"]], [["reset", "now"]]])(
    "other words %j change nothing and show how",
    async (words) => {
      await start();
      await setUp(tokenIn(printed.join("")));
      expect(await admin(words)).toBe(2);
      expect(printed.at(-1)).toContain("Usage");
      expect(await database.reading((tx) => tx.prisma.administrator.count())).toBe(1);
    },
  );
});
