import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = path.resolve(import.meta.dirname, "../../..");
const COMMAND_MS = 60_000;

/** A command of a page as a reader pastes it, behind the names that the page has given by then. */
export type DocumentedCommand = { text: string; names: string };

/** The pages that hold commands which call curl, by their path. */
export async function pagesWithCommands(): Promise<string[]> {
  const docs = await readdir(path.join(ROOT, "docs"));
  const pages = ["README.md", ...docs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`)];
  const commands = await Promise.all(pages.map(commandsOf));
  return pages.filter((_, at) => (commands[at]?.length ?? 0) > 0);
}

/** What of a page's shell scripts calls curl, in order. */
export async function commandsOf(page: string): Promise<DocumentedCommand[]> {
  const text = await readFile(path.join(ROOT, page), "utf8");
  const lines = Array.from(text.matchAll(/^```bash\n([\s\S]+?)^```/gm), ([, script = ""]) => linesOf(script));
  let names = "";
  return lines.flat().flatMap((line) => {
    if (/^[A-Z_]+=/.test(line)) names += `${line}\n`;
    return /^\s*curl\s/.test(line) ? [{ text: line, names }] : [];
  });
}

/** The commands of a script; quotes and backslashes carry a command over line ends. */
function linesOf(script: string): string[] {
  const commands: string[] = [];
  let command = "";
  for (const line of script.split("\n")) {
    command += command === "" ? line : `\n${line}`;
    const bare = command.replaceAll(/\\["'\\]/g, "").replaceAll(/'[^']*'|"[^"]*"/g, "");
    if (/["']/.test(bare) || bare.endsWith("\\")) continue;
    commands.push(command);
    command = "";
  }
  return commands;
}

/** Runs a command as it stands; curl only says more clearly when it was refused. */
export async function runCommand(
  { text, names }: DocumentedCommand,
  env: Record<string, string>,
): Promise<string> {
  const curl = `curl() { command curl -sS --fail-with-body "$@"; }`;
  const { stdout } = await run("bash", ["-c", `set -euo pipefail\n${curl}\n${names}${text}`], {
    timeout: COMMAND_MS,
    env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", ...env },
  });
  return stdout;
}
