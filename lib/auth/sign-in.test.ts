import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SESSION_MS, SIGN_IN_TRIES_PER_MINUTE } from "@/lib/core/limits";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { createFirstAdministrator } from "./create-first-administrator";
import { findSession } from "./find-session";
import { renewSetupLink } from "./renew-setup-link";
import { resetAdministrator } from "./reset-administrator";
import { signIn } from "./sign-in";
import { EMAIL, ORIGIN, PASSWORD, storeOf, temporaryAdministrator } from "./testing/temporary-administrator";

const NOW = 1_000_000_000;
const START = { kind: "system", name: "start" } as const;

let database: Database;
let remove: () => Promise<void>;

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  await temporaryAdministrator(database, NOW);
});
afterEach(() => remove());

const trySignIn = (
  args: { email?: string; password?: string; address?: string; userAgent?: string; now?: number } = {},
) =>
  signIn({
    ...storeOf(database),
    input: { email: EMAIL, password: PASSWORD, ...ORIGIN, ...args },
    now: args.now ?? NOW,
  });
const WRONG = "not the password";

async function tryWrongly(times: number, of: (at: number) => { email?: string; address?: string }) {
  for (let at = 1; at <= times; at++) {
    await expect(trySignIn({ password: WRONG, ...of(at) })).rejects.toMatchObject({ code: "unauthorized" });
  }
}

describe("signing in", () => {
  test("opens a session whose token the database does not hold", async () => {
    const { token } = await trySignIn();
    const sessions = await database.reading((tx) => tx.prisma.session.findMany());
    expect(sessions).toHaveLength(2);
    expect(sessions.map((row) => row.tokenHash)).not.toContain(token);
    const found = await database.reading((tx) => findSession({ tx, input: { token }, now: NOW }));
    expect(found?.email).toBe(EMAIL);
  });

  test("the same letters typed as one character or as two are one password", async () => {
    await database.transaction((tx) => resetAdministrator({ actor: START, tx, now: NOW }));
    const link = await database.transaction((tx) => renewSetupLink({ actor: START, tx, now: NOW }));
    const input = {
      token: link?.token ?? "",
      email: EMAIL,
      password: "caf\u00e9 caf\u00e9 caf\u00e9",
      ...ORIGIN,
    };
    await createFirstAdministrator({ ...storeOf(database), input, now: NOW });
    await trySignIn({ password: "cafe\u0301 cafe\u0301 cafe\u0301" });
  });

  test("a wrong password and an unknown account are refused in the same words", async () => {
    const wrong = await trySignIn({ password: WRONG }).catch((thrown) => thrown);
    const unknown = await trySignIn({ email: "nobody@example.com" }).catch((thrown) => thrown);
    expect(wrong).toMatchObject({ code: "unauthorized" });
    expect([unknown.code, unknown.message, unknown.details]).toEqual([
      wrong.code,
      wrong.message,
      wrong.details,
    ]);
  });

  test("the session ends at its time, and not before", async () => {
    const { token, expiresAt } = await trySignIn();
    const find = (now: number) => database.reading((tx) => findSession({ tx, input: { token }, now }));
    expect(expiresAt).toBe(NOW + SESSION_MS);
    expect(await find(expiresAt - 1)).not.toBeNull();
    expect(await find(expiresAt)).toBeNull();
  });

  test("sessions that are over are cleared away", async () => {
    await trySignIn({ now: NOW + SESSION_MS + 1 });
    expect(await database.reading((tx) => tx.prisma.session.count())).toBe(1);
  });

  test("a password that is changed while it is verified opens nothing", async () => {
    const store = storeOf(database);
    const changedMeanwhile: typeof store.read = async (work) => {
      const result = await store.read(work);
      await store.write((tx) => tx.prisma.administrator.updateMany({ data: { passwordHash: "another" } }));
      return result;
    };
    const input = { email: EMAIL, password: PASSWORD, ...ORIGIN };
    const pending = signIn({ read: changedMeanwhile, write: store.write, input, now: NOW });
    await expect(pending).rejects.toMatchObject({ code: "unauthorized" });
  });

  test("writes who signed in from where", async () => {
    await trySignIn({ address: "198.51.100.7" });
    const entries = await database.reading((tx) =>
      tx.prisma.auditEntry.findMany({ where: { action: "session.opened", address: "198.51.100.7" } }),
    );
    expect(entries.map((entry) => entry.actorLabel)).toEqual([EMAIL]);
  });
});

describe("the limit on tries", () => {
  test("the sixth try for an account in a minute is refused, also with the right password and from elsewhere", async () => {
    await tryWrongly(SIGN_IN_TRIES_PER_MINUTE, (at) => ({ address: `192.0.2.${at}` }));
    await expect(trySignIn({ address: "198.51.100.1" })).rejects.toMatchObject({ code: "rate_limited" });
  });

  test("the sixth try from an address in a minute is refused, whatever the account", async () => {
    await tryWrongly(SIGN_IN_TRIES_PER_MINUTE, (at) => ({ email: `nobody${at}@example.com` }));
    await expect(trySignIn()).rejects.toMatchObject({ code: "rate_limited" });
    await trySignIn({ address: "198.51.100.1" });
  });

  test("an account that does not exist is limited as one that does", async () => {
    const email = "nobody@example.com";
    await tryWrongly(SIGN_IN_TRIES_PER_MINUTE, (at) => ({ email, address: `192.0.2.${at}` }));
    await expect(trySignIn({ email, address: "198.51.100.1" })).rejects.toMatchObject({
      code: "rate_limited",
    });
  });

  test("a minute later all tries are there again, however often one tried meanwhile", async () => {
    await tryWrongly(SIGN_IN_TRIES_PER_MINUTE, () => ({}));
    await expect(trySignIn({ now: NOW + 59_999 })).rejects.toMatchObject({ code: "rate_limited" });
    await trySignIn({ now: NOW + 60_000 });
  });

  test("tries that run at the same time are all counted", async () => {
    const tries = Array.from({ length: 8 }, () =>
      trySignIn({ password: WRONG }).catch((thrown) => thrown.code),
    );
    const codes = await Promise.all(tries);
    expect(codes.filter((code) => code === "unauthorized")).toHaveLength(SIGN_IN_TRIES_PER_MINUTE);
    expect(codes.filter((code) => code === "rate_limited")).toHaveLength(3);
  });

  test("signing in gives the tries back", async () => {
    await tryWrongly(SIGN_IN_TRIES_PER_MINUTE - 1, () => ({}));
    await trySignIn();
    await trySignIn();
  });

  test("what was typed as the email is not kept", async () => {
    await tryWrongly(1, () => ({ email: "my-password-by-mistake@example.com" }));
    const attempts = await database.reading((tx) => tx.prisma.attempt.findMany());
    expect(attempts).toHaveLength(2);
    expect(attempts.map((attempt) => attempt.subject).join()).not.toContain("my-password");
  });
});
