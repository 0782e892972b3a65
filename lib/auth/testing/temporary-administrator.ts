import type { Database } from "@/lib/db/database";
import { createFirstAdministrator } from "../create-first-administrator";
import type { Store } from "../internal";
import type { OpenedSession } from "../open-session";
import { renewSetupLink } from "../renew-setup-link";

export const EMAIL = "ada@example.com";
export const PASSWORD = "a calm river at noon";
export const ORIGIN = { address: "192.0.2.1", userAgent: "a test" };

export function storeOf(database: Database): Store {
  return { read: database.reading, write: database.transaction };
}

/** Sets a test's installation up as a person would, by link; the session is the one the set-up opened. */
export async function temporaryAdministrator(database: Database, now: number): Promise<OpenedSession> {
  const link = await database.transaction((tx) =>
    renewSetupLink({ actor: { kind: "system", name: "start" }, tx, now }),
  );
  if (link === null) throw new Error("This database has an administrator already.");
  const input = { token: link.token, email: EMAIL, password: PASSWORD, ...ORIGIN };
  return createFirstAdministrator({ ...storeOf(database), input, now });
}
