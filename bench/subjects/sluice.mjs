import { mkdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { newApiKey, startSluice } from "../../e2e/support/start-sluice.mjs";
import {
  FIRST_SEARCHABLE_MS_MAX,
  FIRST_SEARCHABLE_POLL_MS,
  REQUEST_MS_MAX,
  RUN_POLL_MS,
} from "../bounds.mjs";
import { pidsOf, watchProcesses } from "./processes.mjs";
import { startProfile, stopProfile } from "./profile.mjs";
import { readRunRow } from "./run-rows.mjs";
import { startWorker } from "./worker.mjs";

const PRELOAD = pathToFileURL(path.resolve(import.meta.dirname, "profile-preload.mjs")).href;
const DOCUMENT_LIMIT = 1_000_000;

/**
 * The product as `node start.mjs` starts it, driven through its API. One data folder and one API key for its whole
 * life, which may be several starts.
 */
export class SluiceUnderTest {
  #sluice = null;
  #workers = [];
  #apiKey;
  #dataDir;
  #profileDir;
  #transactions;
  #env;

  /**
   * `profileDir` null: no profile. `transactions` hears what is printed. `env` goes to the program, such as a
   * DATABASE_URL.
   */
  constructor({ dataDir, apiKey = newApiKey(), profileDir = null, transactions, env = {} }) {
    this.#dataDir = dataDir;
    this.#apiKey = apiKey;
    this.#profileDir = profileDir;
    this.#transactions = transactions;
    this.#env = env;
  }

  get apiKey() {
    return this.#apiKey;
  }

  get dataDir() {
    return this.#dataDir;
  }

  /** The supervisors: of web and worker, and of each worker beside them. */
  get #pids() {
    return [this.#sluice.pid, ...this.#workers.map(({ pid }) => pid)];
  }

  async start() {
    await mkdir(this.#dataDir, { recursive: true });
    this.#sluice = await startSluice({ dataDir: this.#dataDir, env: this.#environment() });
  }

  /** One more worker, as `npm run worker` starts it. It ends with `stop`. */
  async startWorker() {
    this.#workers.push(await startWorker({ SLUICE_DATA_DIR: this.#dataDir, ...this.#environment() }));
  }

  async stop() {
    for (const worker of this.#workers.splice(0)) this.#transactions.hear(await worker.stop());
    const sluice = this.#sluice;
    if (sluice === null) return;
    this.#sluice = null;
    await sluice.stop();
    this.#transactions.hear(sluice.output());
  }

  /** Forgets what its processes have in memory; its data stays. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /** Connects a bucket, which starts its first run. Resolves to the connection's id. */
  async connect(source, tag) {
    const { id } = await this.#post("/v3/connections/s3", {
      metadata: {
        ...source.user,
        bucket: source.bucket,
        region: "us-east-1",
        endpoint: source.endpoint,
        addressingStyle: "path",
      },
      containerTags: [tag],
      documentLimit: DOCUMENT_LIMIT,
    });
    return id;
  }

  /** Connects a bucket and measures its first run, as `measureRun` says. The answer names the connection, too. */
  async measureFirstRun({ source, tag, limitMs }) {
    let connectionId = null;
    const measured = await this.#measure({ limitMs }, async () => {
      connectionId = await this.connect(source, tag);
      return this.#newestRun(connectionId, new Set());
    });
    return { ...measured, connectionId };
  }

  /** Asks for a run of the connection with this tag and measures it; see `#measure`. */
  async measureRun({ connectionId, tag, limitMs }) {
    const before = new Set((await this.#runs(connectionId)).map(({ id }) => id));
    return this.#measure({ limitMs }, async () => {
      await this.#post("/v3/connections/s3/import", { containerTags: [tag] });
      return this.#newestRun(connectionId, before);
    });
  }

  /** Resolves once no run of the connection waits or goes on, so that the next one asked for is one of its own. */
  async untilIdle(connectionId, limitMs) {
    const endAt = Date.now() + limitMs;
    while (Date.now() < endAt) {
      const [newest] = await this.#runs(connectionId);
      if (newest === undefined || newest.status !== "running") return;
      await sleep(RUN_POLL_MS);
    }
    throw new Error("A run of the connection goes on and on.");
  }

  /** How many documents with this tag a question finds, ten at most. */
  async found(question, tag) {
    const { results } = await this.#post("/v3/search", { q: question, containerTags: [tag] });
    return results.length;
  }

  /** When the question first found something, in epoch milliseconds; null if not in time. */
  async firstFoundAt(question, tag) {
    const endAt = Date.now() + FIRST_SEARCHABLE_MS_MAX;
    while (Date.now() < endAt) {
      if ((await this.found(question, tag)) > 0) return Date.now();
      await sleep(FIRST_SEARCHABLE_POLL_MS);
    }
    return null;
  }

  /**
   * Starts a run and follows it to its end, for `limitMs` at most: `{ run, seconds, memory, profiles }`. `run` is its
   * row, `seconds` are from queued to completed, null when it did not end in time. Rejects when the run failed.
   */
  async #measure({ limitMs }, ask) {
    const workers = this.#profileDir === null ? [] : pidsOf("worker", ...this.#pids);
    await startProfile(workers);
    const watched = watchProcesses(...this.#pids);
    const run = await this.#settled(await ask(), limitMs);
    const memory = watched.stop();
    const profiles = await stopProfile(this.#profileDir, workers);
    const seconds = run.completedAt === null ? null : (run.completedAt - run.queuedAt) / 1_000;
    return { run, seconds, memory, profiles };
  }

  async #newestRun(connectionId, before) {
    const endAt = Date.now() + REQUEST_MS_MAX;
    while (Date.now() < endAt) {
      const [newest] = await this.#runs(connectionId);
      if (newest !== undefined && !before.has(newest.id)) return newest;
      await sleep(RUN_POLL_MS);
    }
    throw new Error("The run that was asked for did not appear.");
  }

  async #settled({ id, connectionId }, limitMs) {
    const endAt = Date.now() + limitMs;
    while (Date.now() < endAt) {
      const run = (await this.#runs(connectionId)).find((one) => one.id === id);
      if (run?.status === "failed") throw new Error(`The run failed: ${run.error}`);
      if (run?.status === "completed") break;
      await sleep(RUN_POLL_MS);
    }
    return this.#row(id);
  }

  #row(runId) {
    const databaseUrl = this.#env.DATABASE_URL ?? null;
    return readRunRow({ dataDir: this.#dataDir, databaseUrl }, runId);
  }

  #runs(connectionId) {
    return this.#call(`/v3/connections/${connectionId}/sync-runs`);
  }

  #post(address, body) {
    return this.#call(address, { method: "POST", body: JSON.stringify(body) });
  }

  async #call(address, init = {}) {
    const answer = await fetch(`${this.#sluice.url}${address}`, {
      ...init,
      headers: { authorization: `Bearer ${this.#apiKey}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(REQUEST_MS_MAX),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}: ${text.slice(0, 400)}`);
    return answer.headers.get("content-type")?.includes("json") ? JSON.parse(text) : text;
  }

  #environment() {
    const profiled =
      this.#profileDir === null
        ? {}
        : { NODE_OPTIONS: `--import=${PRELOAD}`, BENCH_PROFILE_DIR: this.#profileDir };
    return { SLUICE_API_KEY: this.#apiKey, SLUICE_LOG_LEVEL: "debug", ...profiled, ...this.#env };
  }
}
