import { accessSync, constants, mkdirSync } from "node:fs";

/** Makes the data folder, its owner's alone. Throws an Error that names the folder when it cannot be written. */
export function prepareDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (cause) {
    throw new Error(`SLUICE_DATA_DIR: the folder ${dataDir} cannot be made or written.`, { cause });
  }
}
