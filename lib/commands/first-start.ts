import { ensureEnvironmentKey } from "@/lib/api-keys/ensure-environment-key";
import { ensureFirstApiKey } from "@/lib/api-keys/ensure-first-api-key";
import { ensureConfiguredAdministrator } from "@/lib/auth/ensure-configured-administrator";
import { renewSetupLink } from "@/lib/auth/renew-setup-link";
import type { Actor } from "@/lib/core/actor";
import type { Env } from "@/lib/core/env";
import type { Database } from "@/lib/db/database";
import { holdAlone } from "@/lib/db/sql/locks";
import type { Vault } from "@/lib/secrets/vault";
import { checkSeal } from "./check-seal";
import { type Terminal, tellOperator } from "./tell-operator";

export type FirstStartArgs = {
  env: Pick<Env, "url" | "dataDir" | "apiKey" | "admin">;
  database: Database;
  vault: Vault;
  now: number;
  terminal: Terminal;
};

const FIRST_START = "first start";
const START: Actor = { kind: "system", name: "start" };

/**
 * Everything that must hold before Sluice serves, in this order: the secret key fits the database, an API key
 * exists, and there is an administrator or a way to become one. To be called at every start, after migrating and
 * before any process serves; it does nothing twice.
 *
 * Throws an Error with a sentence for the operator when Sluice must not start.
 */
export async function prepareFirstStart(args: FirstStartArgs): Promise<void> {
  const { env, database, vault, now } = args;
  // Others that share the database may start at the same moment.
  await database.transaction(async (tx) => {
    await holdAlone(tx, FIRST_START);
    await checkSeal({ tx, vault, now });
  });
  const apiKey = await database.transaction(async (tx) => {
    await holdAlone(tx, FIRST_START);
    await ensureEnvironmentKey({ actor: START, tx, input: { key: env.apiKey }, now });
    return ensureFirstApiKey({ actor: START, tx, now });
  });
  if (env.admin !== null) await createFromEnvironment(args, env.admin);
  const link = await database.transaction((tx) => renewSetupLink({ actor: START, tx, now }));
  tellOperator({
    terminal: args.terminal,
    dataDir: env.dataDir,
    setupUrl: link === null ? null : setupUrl(env.url, link.token),
    apiKey,
  });
}

/** The token stands in the fragment, which browsers keep to themselves: no server or proxy writes it into a log. */
export function setupUrl(url: string, token: string): string {
  return `${url}/setup#token=${token}`;
}

async function createFromEnvironment(args: FirstStartArgs, admin: NonNullable<Env["admin"]>): Promise<void> {
  const { database, now } = args;
  await ensureConfiguredAdministrator({
    read: database.reading,
    write: database.transaction,
    actor: START,
    input: admin,
    now,
  });
}
