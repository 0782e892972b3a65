import { systemClock } from "@/lib/core/clock";
import { type Env, readEnv } from "@/lib/core/env";
import { createLog } from "@/lib/core/log";
import { type Database, openDatabase } from "@/lib/db/database";
import { migrateDatabase } from "@/lib/db/migrate";
import { ensureSecretKey, openInstallationVault } from "@/lib/secrets/secret-key";
import { parseAllowList } from "@/lib/source/address-rules";
import { runAdmin } from "./admin";
import { prepareDataFolder } from "./data-folder";
import { prepareFirstStart } from "./first-start";
import { runRekey } from "./rekey";

/** What `start.mjs` needs of the program: it is bundled into one file, since Node 20 reads no TypeScript. */

export { readEnv };

const terminal = {
  isTTY: process.stdout.isTTY === true,
  print: (line: string) => {
    process.stdout.write(`${line}\n`);
  },
};

/** Migrates, and makes sure that Sluice may start. Throws an Error with a sentence for the operator. */
export async function prepare(env: Env, root: string): Promise<void> {
  parseAllowList(env.allowEndpoints);
  await withDatabase(env, root, async (database) => {
    await prepareFirstStart({
      env,
      database,
      vault: openInstallationVault(env),
      now: systemClock(),
      terminal,
    });
  });
}

/** `npm run admin -- …`; resolves with the exit code. */
export async function admin(env: Env, root: string, words: string[]): Promise<number> {
  return withDatabase(env, root, (database) =>
    runAdmin({ words, env, database, now: systemClock(), terminal }),
  );
}

/** `npm run rekey`: seals every secret anew with the current key. */
export async function rekey(env: Env, root: string): Promise<number> {
  return withDatabase(env, root, async (database) => {
    const count = await runRekey({ database, vault: openInstallationVault(env), now: systemClock() });
    terminal.print(`${count} secrets are sealed with the current key.`);
    return 0;
  });
}

async function withDatabase<T>(env: Env, root: string, work: (database: Database) => Promise<T>): Promise<T> {
  prepareDataFolder(env.dataDir);
  ensureSecretKey(env);
  await migrateDatabase({ ...env, root, now: systemClock() });
  const database = openDatabase({ ...env, log: createLog({ level: env.logLevel, part: "start" }) });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
