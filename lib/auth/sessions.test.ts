import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Database } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { changePassword } from "./change-password";
import { endSession } from "./end-session";
import { findSession } from "./find-session";
import type { Person, Store } from "./internal";
import { listSessions } from "./list-sessions";
import { signIn } from "./sign-in";
import { signOut } from "./sign-out";
import { EMAIL, ORIGIN, PASSWORD, storeOf, temporaryAdministrator } from "./testing/temporary-administrator";
import { isVisitWorthNoting, touchSession } from "./touch-session";

const NOW = 1_000_000_000;
const NEW_PASSWORD = "another calm river";

let database: Database;
let remove: () => Promise<void>;
let ada: Person;
let here: { id: string; token: string };
let elsewhere: { id: string; token: string };

beforeEach(async () => {
  ({ database, remove } = temporaryDatabase());
  here = await known(await temporaryAdministrator(database, NOW));
  elsewhere = await known(await signInWith(PASSWORD));
});
afterEach(() => remove());

const find = (token: string) => database.reading((tx) => findSession({ tx, input: { token }, now: NOW }));
const signInWith = (password: string) =>
  signIn({ ...storeOf(database), input: { email: EMAIL, password, ...ORIGIN }, now: NOW });

async function known({ token }: { token: string }): Promise<{ id: string; token: string }> {
  const session = await find(token);
  if (session === null) throw new Error("The session was not found.");
  ada = { kind: "person", userId: session.administratorId, email: EMAIL, address: ORIGIN.address };
  return { id: session.id, token };
}

const list = () =>
  database.reading((tx) => listSessions({ actor: ada, tx, input: { currentSessionId: here.id }, now: NOW }));

describe("sessions", () => {
  test("are listed with the one that asks marked, and without their hashes", async () => {
    const sessions = await list();
    expect(sessions.map((session) => [session.id, session.isCurrent]).sort()).toEqual(
      [
        [here.id, true],
        [elsewhere.id, false],
      ].sort(),
    );
    expect(Object.keys(sessions[0] ?? {})).not.toContain("tokenHash");
  });

  test("one can be ended from another, and the record says so", async () => {
    const input = { id: elsewhere.id };
    const end = () => database.transaction((tx) => endSession({ actor: ada, tx, input, now: NOW }));
    expect(await end()).toEqual({ isEnded: true });
    expect(await end()).toEqual({ isEnded: false });
    expect(await find(elsewhere.token)).toBeNull();
    expect(await find(here.token)).not.toBeNull();
    const entries = await database.reading((tx) =>
      tx.prisma.auditEntry.findMany({ where: { action: "session.ended" } }),
    );
    expect(entries.map((entry) => entry.subjectId)).toEqual([elsewhere.id]);
  });

  test("a session of another person cannot be ended", async () => {
    const stranger: Person = { ...ada, userId: "somebody else" };
    const input = { id: here.id };
    await database.transaction((tx) => endSession({ actor: stranger, tx, input, now: NOW }));
    expect(await find(here.token)).not.toBeNull();
  });

  test("signing out ends the session that asks and no other", async () => {
    const input = { sessionId: here.id };
    await database.transaction((tx) => signOut({ actor: ada, tx, input, now: NOW }));
    expect(await find(here.token)).toBeNull();
    expect(await find(elsewhere.token)).not.toBeNull();
  });

  test("the last visit is noted once a minute", async () => {
    const touch = (now: number) =>
      database.transaction((tx) => touchSession({ tx, input: { id: here.id }, now }));
    expect(isVisitWorthNoting(NOW, NOW + 59_999)).toBe(false);
    await touch(NOW + 59_999);
    expect((await find(here.token))?.seenAt).toBe(NOW);
    expect(isVisitWorthNoting(NOW, NOW + 60_000)).toBe(true);
    await touch(NOW + 60_000);
    expect((await find(here.token))?.seenAt).toBe(NOW + 60_000);
  });
});

describe("changing the password", () => {
  const change = (currentPassword = PASSWORD, newPassword = NEW_PASSWORD, store = storeOf(database)) =>
    changePassword({
      ...store,
      actor: ada,
      input: { currentPassword, newPassword, sessionId: here.id },
      now: NOW,
    });

  test("ends every other session and keeps the one that asks", async () => {
    expect(await change()).toEqual({ sessionsEnded: 1 });
    expect(await find(here.token)).not.toBeNull();
    expect(await find(elsewhere.token)).toBeNull();
  });

  test("from then on only the new one signs in", async () => {
    await change();
    await expect(signInWith(PASSWORD)).rejects.toMatchObject({ code: "unauthorized" });
    await signInWith(NEW_PASSWORD);
  });

  test("without the present password nothing changes", async () => {
    await expect(change("not the password")).rejects.toMatchObject({
      code: "invalid_input",
      details: "currentPassword: is not your present password",
    });
    expect(await find(elsewhere.token)).not.toBeNull();
    await signInWith(PASSWORD);
  });

  test("guessing the present password is limited as signing in is", async () => {
    for (let tries = 1; tries <= 5; tries++) {
      await expect(change("not the password")).rejects.toMatchObject({ code: "invalid_input" });
    }
    await expect(change()).rejects.toMatchObject({ code: "rate_limited" });
  });

  test("of two changes at once one holds, and the other is told", async () => {
    let readers = 0;
    const store: Store = {
      ...storeOf(database),
      read: async (work) => {
        const seen = await database.reading(work);
        readers += 1;
        // Nobody writes before both have seen the password that was.
        await vi.waitUntil(() => readers === 2, { timeout: 10_000 });
        return seen;
      },
    };
    const outcomes = await Promise.allSettled([
      change(PASSWORD, "river number one", store),
      change(PASSWORD, NEW_PASSWORD, store),
    ]);
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(refused.map((outcome) => outcome.reason.code)).toEqual(["conflict"]);
  });

  test("the record holds neither password", async () => {
    await change();
    const entries = await database.reading((tx) => tx.prisma.auditEntry.findMany());
    const written = entries.map((entry) => `${entry.before}${entry.after}`).join();
    expect(entries.map((entry) => entry.action)).toContain("administrator.password_changed");
    for (const secret of [PASSWORD, NEW_PASSWORD, "argon2"]) expect(written).not.toContain(secret);
  });
});
