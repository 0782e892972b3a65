import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newSecretKey, openVault, type Vault } from "./vault";

const KEY_FILE = "secret.key";

/** The vault of this installation: with the key from the environment, or the one in the data folder. */
export function openInstallationVault(args: {
  dataDir: string;
  secretKey: string | null;
  secretKeyPrevious: string | null;
}): Vault {
  const current = args.secretKey ?? readFileSync(path.join(args.dataDir, KEY_FILE), "utf8").trim();
  return openVault({ current, previous: args.secretKeyPrevious });
}

/** Makes the key file on the first start, readable by its owner alone. Does nothing when there is one. */
export function ensureSecretKey(args: { dataDir: string; secretKey: string | null }): void {
  const file = path.join(args.dataDir, KEY_FILE);
  if (args.secretKey !== null || existsSync(file)) return;
  writeFileSync(file, `${newSecretKey()}\n`, { mode: 0o600, flag: "wx" });
}
