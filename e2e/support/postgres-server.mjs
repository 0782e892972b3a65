import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { openSync } from "node:fs";
import { access, chown, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { freePort, isInstalled, runProgram } from "./programs.mjs";

const DEBIAN_FOLDER = "/usr/lib/postgresql";
const PACKAGE = "postgresql";
const START_TRIES_MAX = 120;
const START_WAIT_MS = 250;
const ENDING_MS = 15_000;

/** A throw-away server: nothing on it has to outlive a crash of the machine. */
const SETTINGS = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  fsync: "off",
  full_page_writes: "off",
  max_connections: "200",
};

/**
 * A real PostgreSQL for tests: `{ url, restart(), stop() }`. Databases may be created on it.
 *
 * The first that is possible:
 *   1. the one that `SLUICE_TEST_DATABASE_URL` names (never stopped by us, and not to be restarted),
 *   2. the programs that are installed,
 *   3. Debian's package, installed with apt when run as root.
 *
 * The server ends with this process, however that ends. `parent` is where it keeps its files, if not in the temporary
 * folder.
 */
export async function startPostgres({ port = null, env = process.env, parent = null } = {}) {
  if (env.SLUICE_TEST_DATABASE_URL) {
    return { url: env.SLUICE_TEST_DATABASE_URL, restart: null, stop: async () => {} };
  }
  const programs = (await findPrograms()) ?? (await installPrograms());
  if (programs === null) {
    throw new Error(
      "No PostgreSQL to test with: install the package postgresql, or set SLUICE_TEST_DATABASE_URL to a server where databases may be created.",
    );
  }
  return startOwn(programs, port ?? (await freePort()), parent);
}

/** The folder with `initdb` and `postgres`; an empty text where they are on the PATH. Null when there are none. */
async function findPrograms() {
  const versions = await readdir(DEBIAN_FOLDER).catch(() => []);
  for (const version of versions.sort((left, right) => Number(right) - Number(left))) {
    const folder = path.join(DEBIAN_FOLDER, version, "bin");
    if (await isThere(path.join(folder, "initdb"))) return folder;
  }
  return (await isInstalled("initdb")) && (await isInstalled("postgres")) ? "" : null;
}

async function installPrograms() {
  if (process.getuid?.() !== 0 || !(await isInstalled("apt-get"))) return null;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await runProgram("apt-get", ["update"], { env, timeoutMs: 180_000 });
  const args = ["install", "-y", "--no-install-recommends", PACKAGE];
  await runProgram("apt-get", args, { env, timeoutMs: 600_000 });
  return findPrograms();
}

async function startOwn(programs, port, parent) {
  const owner = await findOwner();
  const folder = await mkdtemp(path.join(parent ?? (await reachableFolder(owner)), "sluice-postgres-"));
  if (owner !== null) await chown(folder, owner.uid, owner.gid);
  const server = { programs, port, owner, folder, password: randomBytes(16).toString("hex"), child: null };
  const stop = async () => {
    await end(server);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await createCluster(server);
    await begin(server);
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (whileDown = async () => {}) => {
    await end(server);
    await whileDown();
    await begin(server);
  };
  return { url: `postgres://postgres:${server.password}@127.0.0.1:${port}/postgres`, restart, stop };
}

/** PostgreSQL refuses to run as root, so root lends it the user that Debian's package makes. */
async function findOwner() {
  if (process.getuid?.() !== 0) return null;
  const [uid, gid] = await Promise.all(["-u", "-g"].map(idOf));
  return { uid, gid };
}

async function idOf(which) {
  const { code, stdout } = await runProgram("id", [which, "postgres"], { timeoutMs: 5_000 });
  if (code !== 0) throw new Error("PostgreSQL does not run as root, and there is no user called postgres.");
  return Number(stdout);
}

/** The temporary folder, or /tmp where another user cannot get into it. */
async function reachableFolder(owner) {
  if (owner === null) return tmpdir();
  for (let folder = tmpdir(); ; folder = path.dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return "/tmp";
    if (folder === path.dirname(folder)) return tmpdir();
  }
}

/** With a language's collation where the server has one, so that a column that forgot its own is noticed. */
async function createCluster({ programs, owner, folder, password }) {
  const passwordFile = path.join(folder, "password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner !== null) await chown(passwordFile, owner.uid, owner.gid);
  const args = ["-D", path.join(folder, "cluster"), "-U", "postgres", "--auth=scram-sha-256"];
  const more = [`--pwfile=${passwordFile}`, "--encoding=UTF8", "--no-sync"];
  const languages = [["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en-US"], ["--locale=C"]];
  let said = "";
  for (const language of languages) {
    const result = await runAs(owner, path.join(programs, "initdb"), [...args, ...more, ...language], folder);
    if (result.code === 0) return;
    said = result.said;
  }
  throw new Error(`initdb did not make a cluster: ${said.slice(-400)}`);
}

/**
 * A shell keeps the server and waits for the end of its input: that is this process's end, even by a kill. The server
 * then ends its sessions and itself.
 */
const KEEPER =
  'program="$1"; shift; "$program" "$@" <&- & server=$!; read -r _; kill -INT $server; wait $server';

async function begin(server) {
  const { programs, port, owner, folder } = server;
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => [
    "-c",
    `${name}=${value}`,
  ]);
  const args = ["-D", path.join(folder, "cluster"), ...settings];
  const log = openSync(path.join(folder, "log"), "a");
  server.child = spawn("sh", ["-c", KEEPER, "sh", path.join(programs, "postgres"), ...args], {
    cwd: folder,
    stdio: ["pipe", log, log],
    ...owner,
  });
  server.child.on("error", () => {});
  server.child.stdin.on("error", () => {});
  server.child.stdin.unref?.();
  server.child.unref();
  for (let tries = 0; tries < START_TRIES_MAX; tries++) {
    if (await isReady(server)) return;
    await sleep(START_WAIT_MS);
  }
  const said = await readFile(path.join(folder, "log"), "utf8").catch(() => "");
  throw new Error(`PostgreSQL did not start: ${said.slice(-400)}`);
}

async function isReady({ programs, port }) {
  const args = ["-h", "127.0.0.1", "-p", String(port), "-q"];
  return (await runProgram(path.join(programs, "pg_isready"), args, { timeoutMs: 5_000 })).code === 0;
}

async function end({ child }) {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.ref();
  child.stdin.end();
  const isEnded = await Promise.race([ended.then(() => true), sleep(ENDING_MS, false, { ref: false })]);
  if (!isEnded) throw new Error(`PostgreSQL did not end within ${ENDING_MS / 1_000} s.`);
}

function runAs(owner, program, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], ...owner });
    let said = "";
    const hear = (piece) => {
      said += piece;
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", (error) => resolve({ code: -1, said: error.message }));
    child.once("close", (code) => resolve({ code, said }));
  });
}

function isThere(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}

/** `node e2e/support/postgres-server.mjs [port]`: prints what to export, runs until SIGTERM or SIGINT. */
async function main() {
  const port = process.argv[2] === undefined ? null : Number(process.argv[2]);
  const server = await startPostgres({ port });
  const alive = setInterval(() => {}, 60_000);
  const finish = async () => {
    clearInterval(alive);
    await server.stop();
    process.exit(0);
  };
  process.once("SIGTERM", finish);
  process.once("SIGINT", finish);
  console.log(`export SLUICE_TEST_DATABASE_URL=${server.url}`);
  console.error(`PostgreSQL runs; end it with: kill ${process.pid}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
