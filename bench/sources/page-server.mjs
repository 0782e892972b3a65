import { fork } from "node:child_process";
import path from "node:path";
import { PAGE_SERVER_START_MS_MAX, REQUEST_MS_MAX } from "../bounds.mjs";
import { FORMS } from "../corpus/contents.mjs";
import { Keys } from "../corpus/keys.mjs";
import { BUCKET } from "../page-server/answers.mjs";

const MAIN = path.resolve(import.meta.dirname, "../page-server/main.mjs");
const ANYBODY = { accessKeyId: "anybody", secretAccessKey: "anything" };

/**
 * Starts the page server as a process of its own. Resolves to a source: where a bucket is, who may read it, and
 * what rclone calls such a store; `requests()` are those since the last time it was asked. `pageDelayMs` is what each
 * page takes, as from a store that is far away.
 */
export async function startPageServer({ count, form = "small", port = 0, pageDelayMs = 0 }) {
  const delay = ["--page-delay-ms", String(pageDelayMs)];
  const args = ["--keys", String(count), "--form", form, "--port", String(port), ...delay];
  const child = fork(MAIN, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  const { endpoint } = await started(child);
  let before = { list: 0, get: 0, head: 0 };
  return {
    endpoint,
    bucket: BUCKET,
    user: ANYBODY,
    rcloneProvider: { provider: "Minio", list_version: "2" },
    count,
    isReal: false,
    form,
    keys: new Keys(count, FORMS[form].ending),
    async requests() {
      const now = await ask(`${endpoint}/-/counts`);
      const since = Object.fromEntries(Object.entries(now).map(([kind, sum]) => [kind, sum - before[kind]]));
      before = now;
      return since;
    },
    /** From now on this share of the objects has another content. */
    change: (generation, share) =>
      ask(`${endpoint}/-/generation?number=${generation}&share=${share}`, { method: "POST" }),
    stop: () => ended(child),
  };
}

function started(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`The page server was not ready within ${PAGE_SERVER_START_MS_MAX / 1_000} s.`));
    }, PAGE_SERVER_START_MS_MAX);
    child.once("message", (message) => {
      clearTimeout(timer);
      resolve(message);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`The page server ended with ${code} before it was ready.`));
    });
  });
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

async function ask(url, init = {}) {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS_MAX) });
  if (!answer.ok) throw new Error(`The page server answered ${answer.status} to ${url}.`);
  return answer.json();
}
