import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Where a command speaks. `isTTY` says that a person reads along, and no log keeps what is printed. */
export type Terminal = { isTTY: boolean; print: (text: string) => void };

export const FIRST_START_FILE = "first-start.txt";

const KEY_LINE = "API key: ";

/**
 * Hands the set-up link and the first API key over: to the terminal where a person reads it; otherwise, since output
 * then ends up in a log, to a file that only its owner may read, and the output has its path.
 *
 * A start that renews the link keeps the key in that file, which is told only once. The file goes when Sluice is set
 * up and there is nothing new to tell.
 */
export function tellOperator(args: {
  terminal: Terminal;
  dataDir: string;
  setupUrl: string | null;
  apiKey: string | null;
}): void {
  const file = path.join(args.dataDir, FIRST_START_FILE);
  if (args.setupUrl === null && args.apiKey === null) {
    rmSync(file, { force: true });
    return;
  }
  if (args.terminal.isTTY) {
    args.terminal.print(text(args.setupUrl, args.apiKey));
    return;
  }
  writePrivately(file, text(args.setupUrl, args.apiKey ?? keyIn(file)));
  args.terminal.print(`Sluice is ready to be set up. How, stands in ${file}`);
}

function text(setupUrl: string | null, apiKey: string | null): string {
  const lines: string[] = [];
  if (setupUrl !== null) {
    lines.push(
      "Set Sluice up in the browser (valid for one hour, renewed at each start until used):",
      setupUrl,
    );
  }
  if (apiKey !== null) {
    lines.push("The first API key, shown this once:", `${KEY_LINE}${apiKey}`);
  }
  return `${lines.join("\n")}\n`;
}

function keyIn(file: string): string | null {
  if (!existsSync(file)) return null;
  const line = readFileSync(file, "utf8")
    .split("\n")
    .find((candidate) => candidate.startsWith(KEY_LINE));
  return line === undefined ? null : line.slice(KEY_LINE.length);
}

/** Through a new file, because writing into an old one would leave it the rights it had. */
function writePrivately(file: string, content: string): void {
  const fresh = `${file}.new`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, content, { mode: 0o600, flag: "wx" });
  renameSync(fresh, file);
}
