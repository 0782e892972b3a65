import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "./programs.mjs";

const ROOT = path.resolve(import.meta.dirname, "../..");
const READY_TRIES_MAX = 600;
const READY_WAIT_MS = 100;
const ENDING_MS = 10_000;

/** What the program needs of the surroundings; everything else of them stays outside. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "LANG"];
/** Empty counts as not set, and a `.env` beside the program cannot fill in what is there. */
const OWN_VARIABLES = [
  "SLUICE_URL",
  "SLUICE_TRUST_PROXY",
  "DATABASE_URL",
  "SLUICE_SECRET_KEY",
  "SLUICE_SECRET_KEY_PREVIOUS",
  "SLUICE_API_KEY",
  "SLUICE_ADMIN_EMAIL",
  "SLUICE_ADMIN_PASSWORD",
  "SLUICE_ALLOW_ENDPOINTS",
  "SLUICE_ALLOW_AMBIENT_CREDENTIALS",
  "SLUICE_LEAN_S3",
  "SLUICE_LOG_LEVEL",
];

/** An API key as long as the start demands. */
export function newApiKey() {
  return `sm_test_${randomBytes(24).toString("hex")}`;
}

/**
 * Starts the built program on a free port and resolves once its web and its worker answer.
 *
 * `dataDir` null: a new temporary folder. `port` null: a free one. `env` goes over the defaults, which are an API
 * key of this start and nothing else. Rejects with what was printed when it does not come up.
 */
export async function startSluice({ env = {}, dataDir = null, port = null } = {}) {
  const folder = dataDir ?? (await mkdtemp(path.join(tmpdir(), "sluice-data-")));
  const ownPort = port ?? (await freePort());
  const apiKey = env.SLUICE_API_KEY ?? newApiKey();
  const child = spawn(process.execPath, ["start.mjs"], {
    cwd: ROOT,
    env: {
      ...surroundings(),
      PORT: String(ownPort),
      SLUICE_DATA_DIR: folder,
      SLUICE_API_KEY: apiKey,
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const killHard = () => void child.kill("SIGKILL");
  process.once("exit", killHard);
  const printed = collect(child);
  // Both parts hold the error stream open: it closes when the last of them is gone.
  const gone = new Promise((resolve) => child.once("close", resolve));
  gone.then(() => process.removeListener("exit", killHard));
  const url = `http://127.0.0.1:${ownPort}`;
  const sluice = {
    url,
    port: ownPort,
    dataDir: folder,
    apiKey,
    pid: child.pid,
    output: () => Buffer.concat(printed).toString("utf8"),
    firstStart: () => readFile(path.join(folder, "first-start.txt"), "utf8"),
    stop: () => end(child, gone, "SIGTERM"),
    kill: () => end(child, gone, "SIGKILL"),
    removeData: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
  try {
    await untilUp(sluice, child, `${url}/api/health`);
    await untilUp(sluice, child, `${url}/api/health/worker`);
  } catch (error) {
    await sluice.kill();
    if (dataDir === null) await sluice.removeData();
    throw error;
  }
  return sluice;
}

/** The environment of a program that tests start: nothing of the tester's own settings is in it. */
export function surroundings() {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passed),
    ...Object.fromEntries(OWN_VARIABLES.map((name) => [name, ""])),
    HOST: "127.0.0.1",
  };
}

function collect(child) {
  const printed = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => printed.push(piece));
  return printed;
}

async function untilUp(sluice, child, url) {
  for (let tries = 0; tries < READY_TRIES_MAX; tries++) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`Sluice ended before it was up:\n${sluice.output().slice(-4_000)}`);
    }
    const isUp = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return;
    await sleep(READY_WAIT_MS);
  }
  throw new Error(`Sluice did not come up at ${url}:\n${sluice.output().slice(-4_000)}`);
}

/** Resolves to the exit code, null after a kill. Rejects when something still runs 10 s later. */
async function end(child, gone, signal) {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  const isGone = await Promise.race([gone.then(() => true), sleep(ENDING_MS, false, { ref: false })]);
  if (isGone) return child.exitCode;
  child.kill("SIGKILL");
  throw new Error(`Sluice still ran ${ENDING_MS / 1_000} s after ${signal}.`);
}
