import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SETUP_LINK_MS, SETUP_TRIES_MAX } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { createFirstAdministrator } from "./create-first-administrator";
import { ensureConfiguredAdministrator } from "./ensure-configured-administrator";
import { findSession } from "./find-session";
import { insertAdministrator } from "./insert-administrator";
import type { Store } from "./internal";
import { renewSetupLink } from "./renew-setup-link";
import { resetAdministrator } from "./reset-administrator";
import { EMAIL, ORIGIN, PASSWORD, storeOf, temporaryAdministrator } from "./testing/temporary-administrator";

const NOW = 1_000_000_000;
const START = { kind: "system", name: "start" } as const;

let database: Database;
let remove: () => Promise<void>;

beforeEach(() => {
  ({ database, remove } = temporaryDatabase());
});
afterEach(() => remove());

const link = async (now = NOW) => {
  const made = await database.transaction((tx) => renewSetupLink({ actor: START, tx, now }));
  return made?.token ?? "there is no link";
};
const setUp = (token: string, args: { now?: number; email?: string; store?: Store } = {}) =>
  createFirstAdministrator({
    ...(args.store ?? storeOf(database)),
    input: { token, email: args.email ?? EMAIL, password: PASSWORD, ...ORIGIN },
    now: args.now ?? NOW,
  });
const administrators = () => database.reading((tx) => tx.prisma.administrator.findMany());

describe("the set-up link", () => {
  test("makes its holder the administrator and signs them in", async () => {
    const { token } = await setUp(await link());
    const session = await database.reading((tx) => findSession({ tx, input: { token }, now: NOW }));
    expect(session?.email).toBe(EMAIL);
  });

  test("a wrong token is refused", async () => {
    await link();
    await expect(setUp("wrong")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("without a link no token is right, not even an empty one", async () => {
    await expect(setUp("")).rejects.toMatchObject({ code: "forbidden" });
  });

  test("it opens until its hour is over, and not at the end of it", async () => {
    const token = await link();
    await expect(setUp(token, { now: NOW + SETUP_LINK_MS })).rejects.toMatchObject({ code: "forbidden" });
    await setUp(token, { now: NOW + SETUP_LINK_MS - 1 });
  });

  test("the right token opens at the last try and no longer after it", async () => {
    const token = await link();
    for (let tries = 1; tries <= SETUP_TRIES_MAX; tries++) {
      await expect(setUp("wrong")).rejects.toMatchObject({ code: "forbidden" });
    }
    await expect(setUp(token)).rejects.toMatchObject({ code: "forbidden" });

    const renewed = await link();
    for (let tries = 1; tries < SETUP_TRIES_MAX; tries++) {
      await expect(setUp("wrong")).rejects.toMatchObject({ code: "forbidden" });
    }
    await setUp(renewed);
  });

  test("a new link voids the one before", async () => {
    const older = await link();
    const newer = await link();
    await expect(setUp(older)).rejects.toMatchObject({ code: "forbidden" });
    await setUp(newer);
  });

  test("a link that is replaced while the password is hashed opens nothing", async () => {
    let writes = 0;
    const store: Store = {
      read: database.reading,
      write: async (work) => {
        writes += 1;
        // Behind the count of the try, and ahead of the write that follows the hashing.
        if (writes === 2) await link();
        return database.transaction(work);
      },
    };
    await expect(setUp(await link(), { store })).rejects.toMatchObject({ code: "forbidden" });
    expect(await administrators()).toHaveLength(0);
  });

  test("no link is made once there is an administrator", async () => {
    await temporaryAdministrator(database, NOW);
    expect(await database.transaction((tx) => renewSetupLink({ actor: START, tx, now: NOW }))).toBeNull();
  });

  test("its token is not in the database", async () => {
    const token = await link();
    const settings = await database.reading((tx) => tx.prisma.setting.findMany());
    expect(JSON.stringify(settings.map((row) => row.value))).not.toContain(token);
  });
});

describe("the first administrator", () => {
  test("of two that come with the same link at once, one is made and one is told so", async () => {
    const token = await link();
    const outcomes = await Promise.allSettled([
      setUp(token, { email: "first@example.com" }),
      setUp(token, { email: "second@example.com" }),
    ]);
    expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ code: "conflict" });
    expect(await administrators()).toHaveLength(1);
  });

  test("the database itself has one seat", async () => {
    await temporaryAdministrator(database, NOW);
    const second = { id: "2", email: "b@example.com", passwordHash: "x", createdAt: 1n, updatedAt: 1n };
    await expect(
      database.transaction((tx) => tx.prisma.administrator.create({ data: second })),
    ).rejects.toMatchObject({ code: "P2002" });
    const insert = database.transaction((tx) =>
      insertAdministrator(tx, {
        email: second.email,
        passwordHash: "x",
        actorFor: () => START,
        now: NOW,
      }),
    );
    await expect(insert).rejects.toMatchObject({ code: "conflict" });
  });

  test("a used link says that Sluice is set up", async () => {
    const token = await link();
    await setUp(token);
    await expect(setUp(token)).rejects.toMatchObject({ code: "conflict" });
  });

  test("the password is kept as argon2id and stands in no audit row", async () => {
    await temporaryAdministrator(database, NOW);
    const [administrator] = await administrators();
    expect(administrator?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const entries = await database.reading((tx) => tx.prisma.auditEntry.findMany());
    const written = entries.map((entry) => `${entry.before}${entry.after}${entry.actorLabel}`).join();
    expect(entries.map((entry) => entry.action).sort()).toEqual([
      "administrator.created",
      "session.opened",
      "setup_link.renewed",
    ]);
    expect(written).not.toContain(PASSWORD);
    expect(written).not.toContain("argon2");
  });
});

describe("the administrator of the environment", () => {
  const ensure = (password = PASSWORD, email = "Ops@Example.com") =>
    ensureConfiguredAdministrator({
      ...storeOf(database),
      actor: START,
      input: { email, password },
      now: NOW,
    });

  test("is created once, in lower case, and voids the link", async () => {
    const token = await link();
    expect(await ensure()).toBe("created");
    expect(await ensure("another password, later")).toBe("present");
    expect((await administrators()).map((row) => row.email)).toEqual(["ops@example.com"]);
    await expect(setUp(token)).rejects.toMatchObject({ code: "conflict" });
  });

  test("a short password is refused by the variable's name", async () => {
    await expect(ensure("elevenchars")).rejects.toThrow("SLUICE_ADMIN_PASSWORD: must have at least 12");
    expect(await administrators()).toHaveLength(0);
  });
});

describe("the reset", () => {
  test("removes the administrator and every session, and leaves the seat free", async () => {
    const { token } = await temporaryAdministrator(database, NOW);
    const reset = () => database.transaction((tx) => resetAdministrator({ actor: START, tx, now: NOW }));
    expect(await reset()).toEqual({ email: EMAIL });
    expect(await database.reading((tx) => findSession({ tx, input: { token }, now: NOW }))).toBeNull();
    expect(await reset()).toBeNull();
    await temporaryAdministrator(database, NOW);
  });

  test("a link that was used does not come back to life", async () => {
    const token = await link();
    await setUp(token);
    await database.transaction((tx) => resetAdministrator({ actor: START, tx, now: NOW }));
    await expect(setUp(token)).rejects.toMatchObject({ code: "forbidden" });
  });
});
