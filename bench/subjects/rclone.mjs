import { spawn } from "node:child_process";
import { isInstalled, runProgram } from "../../e2e/support/programs.mjs";
import { PHASE_MS_MAX } from "../bounds.mjs";
import { watchProcesses } from "./processes.mjs";

const PROGRAM = "rclone";

/** The version line of the installed rclone; null where there is none. */
export async function findRclone() {
  if (!(await isInstalled(PROGRAM))) return null;
  const { stdout } = await runProgram(PROGRAM, ["version"], { env: environment(), timeoutMs: 10_000 });
  return stdout.split("\n")[0] || null;
}

/**
 * Runs `rclone …words` to its end, `SOURCE` standing for the bucket. Resolves to `{ seconds, lines, memory }`;
 * rejects with what it said when it ends badly or takes longer than a phase may. What it prints is counted as it
 * comes, in lines.
 */
export function runRclone(source, words) {
  const args = words.map((word) => (word === "SOURCE" ? `bench:${source.bucket}` : word));
  const startedAt = performance.now();
  const child = spawn(PROGRAM, args, { env: environment(source), stdio: ["ignore", "pipe", "pipe"] });
  const memory = watchProcesses(child.pid);
  const killHard = () => void child.kill("SIGKILL");
  const timer = setTimeout(killHard, PHASE_MS_MAX);
  process.once("exit", killHard);
  let lines = 0;
  let said = "";
  child.stdout.on("data", (piece) => {
    for (const byte of piece) if (byte === 10) lines++;
  });
  child.stderr.on("data", (piece) => {
    said = (said + piece).slice(-2_000);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearTimeout(timer);
      process.removeListener("exit", killHard);
      const seconds = (performance.now() - startedAt) / 1_000;
      const watched = memory.stop();
      if (code === 0) return resolve({ seconds, lines, memory: watched });
      reject(new Error(`rclone ${args[0]} ended with ${code ?? "a kill"}: ${said}`));
    });
  });
}

/** The remote `bench` by variables, no file of settings; a bundle of the machine's own certificates confuses rclone. */
function environment(source) {
  const { AWS_CA_BUNDLE: _, ...rest } = process.env;
  if (source === undefined) return rest;
  const remote = {
    type: "s3",
    ...source.rcloneProvider,
    access_key_id: source.user.accessKeyId,
    secret_access_key: source.user.secretAccessKey,
    region: "us-east-1",
    endpoint: source.endpoint,
  };
  const variables = Object.entries(remote).map(([name, value]) => [
    `RCLONE_CONFIG_BENCH_${name.toUpperCase()}`,
    value,
  ]);
  return { ...rest, RCLONE_CONFIG: "", ...Object.fromEntries(variables) };
}
