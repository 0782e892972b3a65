import { ensureConfiguredAdministrator } from "@/lib/auth/ensure-configured-administrator";
import { renewSetupLink } from "@/lib/auth/renew-setup-link";
import { resetAdministrator } from "@/lib/auth/reset-administrator";
import type { Actor } from "@/lib/core/actor";
import type { Env } from "@/lib/core/env";
import type { Database } from "@/lib/db/database";
import { setupUrl } from "./first-start";
import { type Terminal, tellOperator } from "./tell-operator";

export type AdminArgs = {
  /** What stands behind `npm run admin --`. */
  words: readonly string[];
  env: Pick<Env, "url" | "dataDir" | "admin">;
  database: Database;
  now: number;
  terminal: Terminal;
};

const COMMAND_LINE: Actor = { kind: "system", name: "command line" };

const USAGE = `Usage: npm run admin -- reset

  reset   Removes the administrator and ends every session, then shows a new set-up link.
          For a lost password. Connections, documents and API keys stay as they are.`;

/** Runs one command of the operator and gives the exit code. May run while Sluice is serving. */
export async function runAdmin(args: AdminArgs): Promise<0 | 2> {
  const [command, ...rest] = args.words;
  if (command !== "reset" || rest.length > 0) {
    args.terminal.print(USAGE);
    return 2;
  }
  await reset(args);
  return 0;
}

async function reset({ env, database, now, terminal }: AdminArgs): Promise<void> {
  const actor = COMMAND_LINE;
  const removed = await database.transaction((tx) => resetAdministrator({ actor, tx, now }));
  terminal.print(
    removed === null
      ? "There is no administrator yet."
      : `${removed.email} no longer administers; every session has ended.`,
  );
  if (env.admin !== null) {
    const store = { read: database.reading, write: database.transaction };
    await ensureConfiguredAdministrator({ ...store, actor, input: env.admin, now });
    terminal.print("The administrator of SLUICE_ADMIN_EMAIL was created with SLUICE_ADMIN_PASSWORD.");
    return;
  }
  const link = await database.transaction((tx) => renewSetupLink({ actor, tx, now }));
  const url = link === null ? null : setupUrl(env.url, link.token);
  tellOperator({ terminal, dataDir: env.dataDir, setupUrl: url, apiKey: null });
}
