import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Workbench } from "./support/workbench";

const run = promisify(execFile);
const README = path.resolve(import.meta.dirname, "../../README.md");
const COMMAND_MS = 60_000;

let bench: Workbench;

beforeAll(async () => {
  bench = await Workbench.open();
});
afterAll(() => bench.close());

/** What each kind of line is known by, and what it must answer with. */
const EXPECTED: { name: string; isIt: (command: string) => boolean; answer: RegExp }[] = [
  {
    name: "create",
    isIt: (command) => /\/v3\/connections\/s3["']?(\s|$)/.test(command) && !/DELETE/.test(command),
    answer: /"id":"[0-9A-Za-z]{22}"/,
  },
  { name: "import", isIt: (command) => command.includes("/v3/connections/s3/import"), answer: /^Importing/ },
  { name: "list", isIt: (command) => command.includes("/v3/connections/list"), answer: /^\[\{"id":/ },
  { name: "delete", isIt: (command) => command.includes("DELETE"), answer: /"provider":"s3"/ },
];

/** The commands of a shell script that call curl; quotes and backslashes carry a command over line ends. */
function curlCommands(script: string): string[] {
  const commands: string[] = [];
  let command = "";
  for (const line of script.split("\n")) {
    command += command === "" ? line : `\n${line}`;
    const bare = command.replaceAll(/\\["'\\]/g, "").replaceAll(/'[^']*'|"[^"]*"/g, "");
    if (/["']/.test(bare) || bare.endsWith("\\")) continue;
    if (/^\s*curl\s/.test(command)) commands.push(command);
    command = "";
  }
  return commands;
}

async function readmeCommands(): Promise<string[]> {
  const text = await readFile(README, "utf8");
  const fences = text.matchAll(/^```bash\n([\s\S]+?)^```/gm);
  return Array.from(fences, ([, script = ""]) => curlCommands(script)).flat();
}

/** A command as a reader pastes it; curl only says more clearly when it was refused. */
async function runCommand(command: string, env: Record<string, string>): Promise<string> {
  const script = `set -euo pipefail\ncurl() { command curl -sS --fail-with-body "$@"; }\n${command}`;
  const { stdout } = await run("bash", ["-c", script], {
    timeout: COMMAND_MS,
    env: { NODE_ENV: "production", PATH: process.env.PATH ?? "", ...env },
  });
  return stdout;
}

test("the README's curl lines create, import, list and delete a connection as they stand", async () => {
  const { sluice, server } = bench;
  const commands = await readmeCommands();
  const env: Record<string, string> = {
    SLUICE_URL: sluice.url,
    SLUICE_API_KEY: sluice.apiKey,
    AWS_ACCESS_KEY_ID: server.user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.user.secretAccessKey,
    S3_ENDPOINT: server.endpoint,
    S3_BUCKET: await bench.bucket({ "readme.txt": "The kingfisher dives from the same branch." }),
  };
  const seen = new Set<string>();
  for (const command of commands) {
    const kind = EXPECTED.find(({ isIt }) => isIt(command));
    const answer = await runCommand(command, env);
    if (kind !== undefined) {
      expect(answer, command).toMatch(kind.answer);
      seen.add(kind.name);
    }
    const created = kind?.name === "create" ? (JSON.parse(answer) as { id: string }).id : null;
    if (created === null) continue;
    env.CONNECTION_ID = created;
    await bench.settled(created);
  }
  expect(seen).toEqual(new Set(EXPECTED.map(({ name }) => name)));
});
