import { pathToFileURL } from "node:url";
import { hasCeph, installCeph, startCeph } from "./ceph-server.mjs";
import { hasDocker, startMinio } from "./minio-container.mjs";

/**
 * A real S3 server for tests: `{ endpoint, stsEndpoint, users: [{ accessKeyId, secretAccessKey } x2], stop() }`.
 * `stsEndpoint` is a second gateway to the same buckets that gives out roles; not all servers have one.
 *
 * The first that is possible:
 *   1. the one that `S3_TEST_ENDPOINT` names (never stopped by us),
 *   2. the Ceph programs that are installed,
 *   3. Ceph installed with apt, when run as root,
 *   4. MinIO in Docker.
 */
export async function startS3Server({ port = null, env = process.env } = {}) {
  const given = givenServer(env);
  if (given !== null) return given;
  if (await hasCeph()) return startCeph({ port });
  if (await installCeph()) return startCeph({ port });
  if (await hasDocker()) return startMinio({ port });
  throw new Error(
    "No S3 server to test with: install ceph-mon, ceph-osd and radosgw, or start Docker, or set S3_TEST_ENDPOINT, S3_TEST_ACCESS_KEY_ID and S3_TEST_SECRET_ACCESS_KEY.",
  );
}

/** The variables under which the integration tests look for a server. */
export function environmentOf({ endpoint, stsEndpoint = null, users }) {
  const [first, second] = users;
  const env = {
    S3_TEST_ENDPOINT: endpoint,
    S3_TEST_ACCESS_KEY_ID: first.accessKeyId,
    S3_TEST_SECRET_ACCESS_KEY: first.secretAccessKey,
  };
  if (stsEndpoint !== null) env.S3_TEST_STS_ENDPOINT = stsEndpoint;
  if (second === undefined) return env;
  return {
    ...env,
    S3_TEST_OTHER_ACCESS_KEY_ID: second.accessKeyId,
    S3_TEST_OTHER_SECRET_ACCESS_KEY: second.secretAccessKey,
  };
}

function givenServer(env) {
  if (!env.S3_TEST_ENDPOINT) return null;
  const first = userOf(env.S3_TEST_ACCESS_KEY_ID, env.S3_TEST_SECRET_ACCESS_KEY);
  if (first === null) {
    throw new Error("S3_TEST_ENDPOINT is set: set S3_TEST_ACCESS_KEY_ID and S3_TEST_SECRET_ACCESS_KEY too.");
  }
  const second = userOf(env.S3_TEST_OTHER_ACCESS_KEY_ID, env.S3_TEST_OTHER_SECRET_ACCESS_KEY);
  const users = second === null ? [first] : [first, second];
  const stsEndpoint = env.S3_TEST_STS_ENDPOINT || null;
  return { endpoint: env.S3_TEST_ENDPOINT, stsEndpoint, users, stop: async () => {} };
}

function userOf(accessKeyId, secretAccessKey) {
  return accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null;
}

/** `node e2e/support/s3-server.mjs [port]`: prints what to export, runs until SIGTERM or SIGINT. */
async function main() {
  const port = process.argv[2] === undefined ? null : Number(process.argv[2]);
  let server = null;
  // A timer keeps the process alive when the server is not a child of it.
  const alive = setInterval(() => {}, 60_000);
  let isEnding = false;
  const end = async () => {
    // A terminal, and `timeout`, tell it twice.
    if (isEnding) return;
    isEnding = true;
    clearInterval(alive);
    await server?.stop();
    process.exit(0);
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  server = await startS3Server({ port });
  for (const [key, value] of Object.entries(environmentOf(server))) console.log(`export ${key}=${value}`);
  console.error(`The S3 server listens on ${server.endpoint}; end it with: kill ${process.pid}`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
