import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { surroundings } from "../../support/start-sluice.mjs";
import { waitUntil } from "./wait-until";

const ROOT = path.resolve(import.meta.dirname, "../../..");

/** A part of Sluice, or all of it, that a test kills without a warning. */
export type Killable = {
  pid: number;
  output(): string;
  /** Kills every process of it at once; resolves when what the next start would take for alive is gone. */
  kill(): Promise<void>;
};

/** The worker's process as `npm start` starts it, without the supervisor that would start it again. */
export function startWorker(env: Record<string, string>): Killable {
  return start(["dist/worker.mjs"], env, (child) => child.exitCode === null && child.signalCode === null);
}

/** The supervisor with the web and the worker, which the system has to clear away. `env` names the port. */
export function startProduct(env: Record<string, string>): Killable {
  return start(["start.mjs"], env, ({ pid = 0 }) => signalGroup(pid, 0));
}

function start(
  args: string[],
  env: Record<string, string>,
  isLeft: (child: ChildProcess) => boolean,
): Killable {
  // A group of its own: a signal to the group reaches the children, too.
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { NODE_ENV: "production", ...surroundings(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args[0]} could not be started.`);
  const killAll = () => signalGroup(pid, "SIGKILL");
  process.once("exit", killAll);
  const output = collect(child);
  return {
    pid,
    output,
    kill: async () => {
      killAll();
      process.removeListener("exit", killAll);
      await waitUntil(
        "the killed processes are gone",
        () => !isLeft(child),
        async () => output(),
      );
    },
  };
}

function collect(child: ChildProcess): () => string {
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (piece) => printed.push(piece));
  return () => Buffer.concat(printed).toString("utf8").slice(-4_000);
}

/** Whether there was anybody to get it. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
