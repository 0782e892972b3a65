import { fork } from "node:child_process";
import http from "node:http";
import net from "node:net";
import path from "node:path";
import { build, needsBuild } from "./lib/commands/build.mjs";

/**
 * The one command. Builds when needed, migrates, and keeps the web and the worker alive until it is told to end.
 *
 *   node start.mjs           web and worker
 *   node start.mjs web       the web alone          node start.mjs worker   the worker alone
 *   node start.mjs build     builds and ends        node start.mjs admin …  the operator's commands
 *   node start.mjs rekey     seals secrets anew
 */
const ROOT = import.meta.dirname;
const SHUTDOWN_MS = 10_000;
const RESTART_PAUSE_MAX_MS = 10_000;
/** A child that ends this often within its first seconds will not live: then all end, and the last words are read. */
const EARLY_ENDS_MAX = 3;
const EARLY_MS = 5_000;

process.env.NEXT_MANUAL_SIG_HANDLE = "true";
process.env.NEXT_TELEMETRY_DISABLED = "1";
process.env.NODE_ENV = "production";
// The AWS SDK warns about Node 20 in every process; package.json pins a version that supports it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

const [mode = "all", ...words] = process.argv.slice(2);
const MODES = { all: ["web", "worker"], web: ["web"], worker: ["worker"] };

try {
  process.exitCode = await main();
} catch (thrown) {
  console.error(thrown instanceof Error ? (thrown.details ?? thrown.message) : thrown);
  process.exitCode = 1;
}

async function main() {
  loadDotEnv();
  // Database, keys and links are their owner's alone, whatever the folder allows.
  process.umask(0o077);
  if (mode === "prepare") return prepareHere(words);
  if (mode === "build" || needsBuild(ROOT)) await buildAloud();
  if (mode === "build") return 0;
  if (mode === "admin" || mode === "rekey") return runCommand(mode);
  const parts = MODES[mode];
  if (!parts) throw new Error(`"${mode}" is no way to start Sluice. Try: web, worker, build, admin, rekey.`);
  const place = await prepareApart(parts);
  return place === null ? 1 : supervise(parts, place);
}

async function runCommand(name) {
  const commands = await import(path.join(ROOT, "dist/commands.mjs"));
  return commands[name](commands.readEnv(process.env), ROOT, words);
}

/**
 * Migrates and prepares the first start in a process of its own, which ends: this one lives as long as Sluice does,
 * and should take no memory for what happens once. Resolves with where the web listens; null when Sluice may not
 * start, which the other process has said.
 */
function prepareApart(parts) {
  return new Promise((resolve, reject) => {
    let place = null;
    const child = fork(import.meta.filename, ["prepare", ...parts], { stdio: "inherit" });
    child.on("message", (message) => {
      place = message;
    });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code === 0 ? place : null));
  });
}

async function prepareHere(parts) {
  const commands = await import(path.join(ROOT, "dist/commands.mjs"));
  const env = commands.readEnv(process.env);
  if (parts.includes("web")) await demandFreePort(env);
  await commands.prepare(env, ROOT);
  const { host, port, url } = env;
  process.send({ host, port, url });
  process.disconnect();
  return 0;
}

/** `.env` beside this file, as Next.js reads it; what the environment says already counts more. */
function loadDotEnv() {
  try {
    process.loadEnvFile(path.join(ROOT, ".env"));
  } catch (thrown) {
    if (thrown.code !== "ENOENT") throw thrown;
  }
}

async function buildAloud() {
  const startedAt = Date.now();
  console.log("Building Sluice; this takes about a minute and happens once.");
  await build(ROOT);
  console.log(`Built in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

function demandFreePort(env) {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", (thrown) => {
      const why =
        thrown.code === "EADDRINUSE" ? "is taken by another program" : `cannot be used (${thrown.code})`;
      reject(new Error(`PORT: ${env.host}:${env.port} ${why}. Set PORT to another one, such as PORT=3001.`));
    });
    probe.listen(env.port, env.host, () => probe.close(resolve));
  });
}

/** Keeps the parts running; resolves with the exit code once all have ended. */
function supervise(parts, place) {
  return new Promise((resolve) => {
    const state = { isEnding: false, code: 0, children: new Map() };
    const endAll = (code) => {
      if (!state.isEnding) state.code = code;
      state.isEnding = true;
      for (const child of state.children.values()) child.kill("SIGTERM");
      setTimeout(() => process.exit(state.code || 1), SHUTDOWN_MS + 1_000).unref();
      if (state.children.size === 0) resolve(state.code);
    };
    const onEnd = (part) => {
      state.children.delete(part);
      if (state.isEnding && state.children.size === 0) resolve(state.code);
    };
    for (const part of parts) keepAlive({ part, place, state, onEnd, endAll, earlyEnds: 0 });
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => endAll(0));
    if (parts.includes("web")) announce(place, state);
  });
}

function keepAlive(args) {
  const { part, place, state, onEnd, endAll } = args;
  const startedAt = Date.now();
  const child = startPart(part, place);
  state.children.set(part, child);
  child.on("exit", (code, signal) => {
    onEnd(part);
    if (state.isEnding) return;
    const isEarly = Date.now() - startedAt < EARLY_MS;
    args.earlyEnds = isEarly ? args.earlyEnds + 1 : 0;
    console.error(`The ${part} ended (${signal ?? code}).`);
    if (args.earlyEnds >= EARLY_ENDS_MAX) return endAll(1);
    const pauseMs = Math.min(500 * 2 ** args.earlyEnds, RESTART_PAUSE_MAX_MS);
    setTimeout(() => !state.isEnding && keepAlive(args), pauseMs);
  });
}

/** A channel to the child tells it when this process is gone, even by a kill that it could not catch. */
function startPart(part, place) {
  const options = {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
    // Each arena of the C library keeps what it once had; two are enough for processes that wait for one thread.
    env: { MALLOC_ARENA_MAX: "2", ...process.env },
  };
  const next = path.join(ROOT, "node_modules/next/dist/bin/next");
  const child =
    part === "web"
      ? fork(next, ["start", "-p", String(place.port), "-H", place.host], options)
      : fork(path.join(ROOT, "dist/worker.mjs"), [], options);
  passLogLines(child.stdout);
  return child;
}

/** Our own log is JSON; Next.js's banner is not, and says nothing that `announce` does not. */
function passLogLines(stream) {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.startsWith("{")) process.stdout.write(`${line}\n`);
  });
}

async function announce(place, state) {
  const host = place.host === "0.0.0.0" || place.host === "::" ? "127.0.0.1" : place.host;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${place.port}/api/health`;
  for (let attempt = 0; attempt < 600 && !state.isEnding; attempt++) {
    if (await isUp(url)) return console.log(`Sluice is at ${place.url}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Asked with `node:http`: what `fetch` brings along would stay in memory for as long as Sluice runs. */
function isUp(url) {
  return new Promise((resolve) => {
    const request = http.get(url, { timeout: 5_000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
  });
}
