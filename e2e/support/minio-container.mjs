import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort, isInstalled, runProgram } from "./programs.mjs";

const IMAGE = "minio/minio:latest";
const READY_TRIES_MAX = 240;
const READY_WAIT_MS = 500;

/** Whether a Docker daemon answers; the command alone is not enough. */
export async function hasDocker() {
  if (!(await isInstalled("docker"))) return false;
  return (await docker(["version", "--format", "{{.Server.Version}}"])).code === 0;
}

/** MinIO in a container that is removed on `stop`. Resolves to `{ endpoint, users, stop }` with two users. */
export async function startMinio({ port = null } = {}) {
  const hostPort = port ?? (await freePort());
  const name = `sluice-minio-${randomBytes(4).toString("hex")}`;
  const root = newUser();
  const env = [
    "-e",
    `MINIO_ROOT_USER=${root.accessKeyId}`,
    "-e",
    `MINIO_ROOT_PASSWORD=${root.secretAccessKey}`,
  ];
  const publish = ["-p", `127.0.0.1:${hostPort}:9000`];
  const started = await docker([
    "run",
    "-d",
    "--rm",
    "--name",
    name,
    ...publish,
    ...env,
    IMAGE,
    "server",
    "/data",
  ]);
  if (started.code !== 0) throw new Error(`Docker could not start ${IMAGE}: ${started.stderr.slice(-400)}`);
  const stop = async () => void (await docker(["stop", "-t", "2", name]));
  const endpoint = `http://127.0.0.1:${hostPort}`;
  try {
    await waitUntilReady(endpoint);
    return { endpoint, users: [root, await addUser(name, root)], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * A second user who may do everything in buckets of the name `other-…` only, since MinIO's buckets have no owner:
 * to this user the first one's buckets answer 403, as they do on Ceph.
 */
async function addUser(name, root) {
  const user = newUser();
  const policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:*"], Resource: ["arn:aws:s3:::other-*", "arn:aws:s3:::other-*/*"] },
    ],
  });
  const script = [
    'mc alias set local http://127.0.0.1:9000 "$ROOT_KEY" "$ROOT_SECRET"',
    'mc admin user add local "$USER_KEY" "$USER_SECRET"',
    'printf %s "$POLICY" > /tmp/other.json',
    "mc admin policy create local other /tmp/other.json",
    'mc admin policy attach local other --user "$USER_KEY"',
  ].join(" && ");
  const values = {
    ROOT_KEY: root.accessKeyId,
    ROOT_SECRET: root.secretAccessKey,
    USER_KEY: user.accessKeyId,
    USER_SECRET: user.secretAccessKey,
    POLICY: policy,
  };
  const env = Object.entries(values).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const added = await docker(["exec", ...env, name, "sh", "-c", script]);
  if (added.code !== 0) throw new Error(`MinIO took no second user: ${added.stderr.slice(-400)}`);
  return user;
}

async function waitUntilReady(endpoint) {
  for (let tries = 0; tries < READY_TRIES_MAX; tries++) {
    const isReady = await fetch(`${endpoint}/minio/health/ready`, {
      signal: AbortSignal.timeout(1_000),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (isReady) return;
    await sleep(READY_WAIT_MS);
  }
  throw new Error(`MinIO at ${endpoint} did not become ready.`);
}

function newUser() {
  return {
    accessKeyId: `sluice${randomBytes(5).toString("hex")}`,
    secretAccessKey: randomBytes(20).toString("hex"),
  };
}

function docker(args) {
  return runProgram("docker", args, { timeoutMs: 300_000 });
}
