import { systemClock } from "@/lib/core/clock";
import { type Env, readEnv } from "@/lib/core/env";
import { createLog, type Logger } from "@/lib/core/log";
import { type Database, openDatabase } from "@/lib/db/database";
import { openInstallationVault } from "@/lib/secrets/secret-key";
import type { Vault } from "@/lib/secrets/vault";
import { openSharedAnswers, type SharedAnswers } from "./shared-answers";

/** What one web process holds for as long as it lives. */
export type Installation = {
  env: Env;
  log: Logger;
  database: Database;
  vault: Vault;
  shared: SharedAnswers;
};

const KEPT_AS = Symbol.for("sluice.installation");

/**
 * Opened at the first request. Next.js loads this module several times in one process, so the one instance hangs on
 * `globalThis`.
 */
export function installation(): Installation {
  const holder = globalThis as { [KEPT_AS]?: Installation };
  holder[KEPT_AS] ??= open();
  return holder[KEPT_AS];
}

function open(): Installation {
  const env = readEnv(process.env);
  const log = createLog({ level: env.logLevel, part: "web" });
  return {
    env,
    log,
    database: openDatabase({ ...env, log }),
    vault: openInstallationVault(env),
    shared: openSharedAnswers(systemClock),
  };
}
