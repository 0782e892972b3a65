import pino from "pino";
import { systemClock } from "@/lib/core/clock";
import { type Env, readEnv } from "@/lib/core/env";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { openSharedAnswers } from "@/lib/http/shared-answers";
import { newSecretKey, openVault } from "@/lib/secrets/vault";
import type { Installation } from "../installation";

const KEPT_AS = Symbol.for("sluice.installation");

/**
 * An installation of a test's own, which every door of this process finds until `remove`. `env` overrides what an
 * empty environment gives; the public origin is `http://sluice.test`.
 */
export function temporaryInstallation(env: Partial<Env> = {}): {
  installation: Installation;
  remove: () => Promise<void>;
} {
  const { database, dataDir, remove } = temporaryDatabase();
  const installation: Installation = {
    env: { ...readEnv({ SLUICE_DATA_DIR: dataDir, SLUICE_URL: "http://sluice.test" }), ...env },
    log: pino({ level: "silent" }),
    database,
    vault: openVault({ current: newSecretKey(), previous: null }),
    shared: openSharedAnswers(systemClock),
  };
  Reflect.set(globalThis, KEPT_AS, installation);
  return {
    installation,
    remove: async () => {
      Reflect.deleteProperty(globalThis, KEPT_AS);
      await remove();
    },
  };
}
