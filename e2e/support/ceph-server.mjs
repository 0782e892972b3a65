import { spawn } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { openSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cephConf, PLAIN_GATEWAY, STS_GATEWAY } from "./ceph-conf.mjs";
import { freePort, isInstalled, runProgram } from "./programs.mjs";

const PROGRAMS = ["ceph", "monmaptool", "ceph-mon", "ceph-osd", "radosgw", "radosgw-admin"];
const PACKAGES = ["ceph-mon", "ceph-osd", "radosgw"];
const STEP_TRIES_MAX = 120;
const STEP_WAIT_MS = 250;
const ENDING_MS = 5_000;

/** True when every program of the recipe is on the PATH. */
export async function hasCeph() {
  const found = await Promise.all(PROGRAMS.map(isInstalled));
  return found.every(Boolean);
}

/** Installs Ceph's three packages with apt. Needs root. Returns whether they are there now. */
export async function installCeph() {
  if (process.getuid?.() !== 0 || !(await isInstalled("apt-get"))) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const isUpdated = await runProgram("apt-get", ["update"], { env, timeoutMs: 180_000 });
  if (isUpdated.code !== 0) return false;
  const args = ["install", "-y", "--no-install-recommends", ...PACKAGES];
  await runProgram("apt-get", args, { env, timeoutMs: 600_000 });
  return hasCeph();
}

/**
 * One monitor, one in-memory OSD and two S3 gateways on the loopback, without systemd and without Ceph's own
 * authentication. Everything lives in a temporary folder that `stop` removes.
 *
 * Resolves to `{ endpoint, stsEndpoint, users, stop }` once both gateways answer and both users exist (about 14 s).
 * The first user may make roles at `stsEndpoint`.
 */
export async function startCeph({ port = null } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-ceph-"));
  const children = [];
  const killAll = () => children.forEach((child) => void child.kill("SIGKILL"));
  process.once("exit", killAll);
  const stop = async () => {
    for (const child of children.toReversed()) await end(child);
    process.removeListener("exit", killAll);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const gatewayPort = port ?? (await freePort());
    const [monitorPort, stsGatewayPort] = [await freePort(), await freePort()];
    const cluster = { folder, fsid: randomUUID(), monitorPort, gatewayPort, stsGatewayPort };
    const start = (program, args) => startDaemon({ program, args, folder, children });
    await startMonitor(cluster, start);
    await startStorage(cluster, start);
    const endpoint = await startGateway(folder, start, { name: PLAIN_GATEWAY, port: gatewayPort });
    // The first has made what both share by now.
    const stsEndpoint = await startGateway(folder, start, { name: STS_GATEWAY, port: stsGatewayPort });
    const users = [
      await createUser(folder, "first", ["--caps", "roles=*;user-policy=*"]),
      await createUser(folder, "second"),
    ];
    return { endpoint, stsEndpoint, users, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startMonitor(cluster, start) {
  const { folder, fsid, monitorPort } = cluster;
  for (const name of ["mon", "osd/0", "run", "run-sts", "log"])
    await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, "ceph.conf"), cephConf(cluster));
  const address = `[v1:127.0.0.1:${monitorPort}]`;
  await must("monmaptool", ["--create", "--fsid", fsid, "--addv", "a", address, "monmap"], folder);
  const map = ["--monmap", "monmap", "--keyring", "/dev/null"];
  await must("ceph-mon", ["--mkfs", "-i", "a", "-c", "ceph.conf", ...map], folder);
  start("ceph-mon", ["-f", "-i", "a"]);
}

async function startStorage({ folder }, start) {
  const uuid = randomUUID();
  await until(
    "the monitor takes a new OSD",
    folder,
    async () => (await ceph(folder, ["osd", "new", uuid])).code === 0,
  );
  await must("ceph-osd", ["-i", "0", "-c", "ceph.conf", "--mkfs", "--osd-uuid", uuid], folder);
  let osd = start("ceph-osd", ["-f", "-i", "0"]);
  await until("the OSD is up", folder, async () => {
    // With memstore the first start can end without a word; the second one holds.
    if (osd.exitCode !== null || osd.signalCode !== null) osd = start("ceph-osd", ["-f", "-i", "0"]);
    return (await ceph(folder, ["osd", "stat"])).stdout.includes("1 up");
  });
}

async function startGateway(folder, start, { name, port }) {
  const endpoint = `http://127.0.0.1:${port}`;
  start("radosgw", ["-f", "-n", name]);
  await until(`the gateway ${name} answers`, folder, () => answers(`${endpoint}/`));
  return endpoint;
}

async function createUser(folder, uid, rights = []) {
  const accessKeyId = `SLUICE${randomBytes(7).toString("hex").toUpperCase()}`;
  const secretAccessKey = randomBytes(20).toString("hex");
  const keys = ["--access-key", accessKeyId, "--secret", secretAccessKey];
  const about = ["--uid", uid, "--display-name", uid, "--max-buckets", "0"];
  await must("radosgw-admin", ["-c", "ceph.conf", "user", "create", ...about, ...keys, ...rights], folder);
  return { accessKeyId, secretAccessKey };
}

function ceph(folder, args) {
  return runProgram("ceph", ["-c", "ceph.conf", ...args], { cwd: folder, timeoutMs: 5_000 });
}

async function must(program, args, folder) {
  const result = await runProgram(program, args, { cwd: folder, timeoutMs: 60_000 });
  if (result.code !== 0) {
    throw new Error(`${program} ${args[0]} ended with ${result.code}: ${result.stderr.slice(-400)}`);
  }
}

function startDaemon({ program, args, folder, children }) {
  const log = openSync(path.join(folder, "log", `${program}.out`), "a");
  const child = spawn(program, [...args, "-c", "ceph.conf"], { cwd: folder, stdio: ["ignore", log, log] });
  child.on("error", () => {});
  children.push(child);
  return child;
}

async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const isEnded = await Promise.race([ended.then(() => true), sleep(ENDING_MS, false)]);
  if (isEnded) return;
  child.kill("SIGKILL");
  await ended;
}

async function until(what, folder, check) {
  for (let tries = 0; tries < STEP_TRIES_MAX; tries++) {
    if (await check()) return;
    await sleep(STEP_WAIT_MS);
  }
  const log = await readFile(path.join(folder, "log", "radosgw.out"), "utf8").catch(() => "");
  throw new Error(`Ceph did not start: waited in vain until ${what}. ${log.slice(-400)}`);
}

async function answers(url) {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    return response.status < 500;
  } catch {
    return false;
  }
}
