import { spawn } from "node:child_process";
import path from "node:path";
import { WORKER_END_MS_MAX, WORKER_START_MS_MAX } from "../bounds.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const SURROUNDINGS = ["PATH", "HOME", "TMPDIR", "LANG"];
/** What a worker logs once it claims runs. */
const READY = "the worker is ready";

/**
 * Starts `npm run worker` and resolves to `{ pid, stop }` once it is ready; `stop` resolves with the last that it said.
 * Rejects with what it said otherwise.
 */
export async function startWorker(env) {
  const passed = SURROUNDINGS.map((name) => [name, process.env[name] ?? ""]);
  const child = spawn(process.execPath, ["start.mjs", "worker"], {
    cwd: ROOT,
    env: { ...Object.fromEntries(passed), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killHard = () => void child.kill("SIGKILL");
  process.once("exit", killHard);
  let said = "";
  const hear = (piece) => {
    said = (said + piece).slice(-10_000);
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const gone = new Promise((resolve) => child.once("close", resolve));
  gone.then(() => process.removeListener("exit", killHard));
  try {
    await untilReady(child, () => said);
  } catch (thrown) {
    killHard();
    throw thrown;
  }
  const stop = async () => {
    child.kill("SIGTERM");
    const timer = setTimeout(killHard, WORKER_END_MS_MAX);
    await gone;
    clearTimeout(timer);
    return said;
  };
  return { pid: child.pid, stop };
}

function untilReady(child, said) {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`The second worker did not start: ${said().slice(-1_000)}`));
    const timer = setTimeout(fail, WORKER_START_MS_MAX);
    child.once("exit", fail);
    child.stdout.on("data", () => {
      if (!said().includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
