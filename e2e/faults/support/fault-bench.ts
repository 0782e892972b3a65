import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { z } from "zod";
import { consoleCookie } from "../../api/support/console-cookie";
import { type WireRun, Workbench } from "../../api/support/workbench";
import { type Sluice, startSluice } from "../../support/start-sluice.mjs";
import { differences, type EndState, findStuck, readEndState } from "./end-state";
import { FaultProxy } from "./fault-proxy";
import { everyPage } from "./page-faults";
import { openPostgresRows, openSqliteRows, type Rows } from "./rows";
import { OWN_TAG, QUERIES, TAG_REGEX } from "./sample-objects";
import { expectNumbersClose } from "./tally-check";
import { waitUntil } from "./wait-until";

const ADMIN = { SLUICE_ADMIN_EMAIL: "ada@example.com", SLUICE_ADMIN_PASSWORD: "nine quiet rivers meet" };
const HITS_MAX = 100;
/** What is said to people of a failure: it begins as a sentence does, or with the status code of its kind, and ends as one. */
export const SENTENCE = /^(\d{3} )?["A-Z].*[.:;!]/s;

const searchAnswer = z.object({ results: z.object({ metadata: z.object({ key: z.string() }) }).array() });

export type BenchOptions = {
  /** So many keys at most on a page that comes through the proxy. */
  pageKeysMax?: number;
  /** Of the disturbed Sluice; a temporary folder if not given. */
  dataDir?: string;
  /** A PostgreSQL for the disturbed Sluice; SQLite in its data folder if not given. */
  databaseUrl?: string;
};

/** Two Sluices: one that is disturbed, behind the proxy, and one that nothing disturbs. */
export class FaultBench {
  #again: Sluice | null = null;
  readonly #env: Record<string, string>;
  readonly #undisturbed = new Map<string, { state: EndState; hits: Record<string, string[]> }>();

  private constructor(
    readonly bench: Workbench,
    readonly reference: Workbench,
    readonly proxy: FaultProxy,
    readonly rows: Rows,
    readonly cookie: string,
    env: Record<string, string>,
  ) {
    this.#env = env;
  }

  static async open(options: BenchOptions = {}): Promise<FaultBench> {
    const { dataDir = null, databaseUrl = null } = options;
    const env =
      databaseUrl === null
        ? ADMIN
        : { ...ADMIN, DATABASE_URL: databaseUrl, SLUICE_SECRET_KEY: newSecretKey() };
    const [bench, reference] = await Promise.all([Workbench.open({ env, dataDir }), Workbench.open()]);
    const { endpoint, user, other } = bench.server;
    const proxy = new FaultProxy(endpoint, [user, other], options.pageKeysMax ?? null);
    await proxy.open();
    const rows = databaseUrl === null ? openSqliteRows(bench.sluice.dataDir) : openPostgresRows(databaseUrl);
    const cookie = await consoleCookie(
      bench.sluice.url,
      ADMIN.SLUICE_ADMIN_EMAIL,
      ADMIN.SLUICE_ADMIN_PASSWORD,
    );
    return new FaultBench(bench, reference, proxy, rows, cookie, env);
  }

  /** What another process of the disturbed installation needs. */
  environment(port = this.bench.sluice.port): Record<string, string> {
    const { dataDir, apiKey } = this.bench.sluice;
    return { ...this.#env, SLUICE_DATA_DIR: dataDir, SLUICE_API_KEY: apiKey, PORT: String(port) };
  }

  /** Starts the same program on the same data again, at the same address. */
  async startAgain(): Promise<void> {
    const { dataDir, port } = this.bench.sluice;
    this.#again = await startSluice({ dataDir, port, env: this.environment() });
  }

  /** Ends the program that was started again. */
  async stop(): Promise<void> {
    await this.#again?.stop();
    this.#again = null;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.rows.close();
    await this.bench.close();
    await this.reference.close();
    await this.proxy.close();
  }

  /**
   * Connects the bucket through the proxy, which shows an empty one to the check and to the first run. The next run is
   * the one that finds the objects, with whatever rule is set by then.
   */
  async connect(bucket: string, metadata: Record<string, string> = {}): Promise<string> {
    this.proxy.obey(everyPage(() => ({ entries: [], nextToken: null })));
    const id = await connectTo(this.bench, bucket, { endpoint: this.proxy.url, ...metadata });
    expect(await this.ended(id)).toMatchObject({ status: "completed", tally: { listed: 0 } });
    this.proxy.obey();
    return id;
  }

  /** The same, and everything is stored by a run that nothing disturbs. */
  async connectStored(bucket: string): Promise<string> {
    const id = await this.connect(bucket);
    expect(await this.runAgain(id)).toMatchObject({ status: "completed" });
    return id;
  }

  /** The newest run once it is over. */
  ended(connectionId: string): Promise<WireRun> {
    return endedRun(this.bench, connectionId, () => this.#tell(connectionId));
  }

  /** Asks for one more run and waits for it. */
  async runAgain(connectionId: string): Promise<WireRun> {
    const before = await this.bench.runs(connectionId);
    await this.bench.client.connections.import("s3", { containerTags: [OWN_TAG] });
    await waitUntil(
      "a further run is queued",
      async () => (await this.bench.runs(connectionId)).length > before.length,
    );
    return this.ended(connectionId);
  }

  /**
   * Holds that nothing is stuck, that every run's numbers close, and that the end state is that of an undisturbed run
   * over the bucket as it is now. Then runs once more, undisturbed, and holds that nothing was left to do.
   */
  async expectUndisturbed(bucket: string, connectionId: string): Promise<void> {
    await this.#expectState(bucket, connectionId);
    const before = await this.#documentVersions(connectionId);
    this.proxy.obey();
    const run = await this.runAgain(connectionId);
    expect(run).toMatchObject({
      status: "completed",
      tally: { added: 0, updated: 0, retagged: 0, removed: 0, onHold: 0 },
    });
    expect(this.proxy.objects).toEqual([]);
    expect(await this.#documentVersions(connectionId)).toEqual(before);
    await this.#expectState(bucket, connectionId);
  }

  /** The documents that are stored now, by the key of their object. */
  async storedKeys(connectionId: string): Promise<string[]> {
    const { keys } = await readEndState(this.rows, connectionId);
    return Object.entries(keys).flatMap(([key, { document }]) => (document === null ? [] : [key]));
  }

  async disconnect(connectionId: string): Promise<void> {
    this.proxy.obey();
    await disconnectFrom(this.bench, this.rows, connectionId);
  }

  /** The bucket is not what it was: what an undisturbed run makes of it is to be found out anew. */
  forget(bucket: string): void {
    this.#undisturbed.delete(bucket);
  }

  async #expectState(bucket: string, connectionId: string): Promise<void> {
    expect(await findStuck(this.rows)).toEqual([]);
    await expectNumbersClose({ ...this, connectionId });
    const shouldBe = await this.#undisturbedRun(bucket);
    const state = await readEndState(this.rows, connectionId);
    expect(differences(state, shouldBe.state)).toEqual([]);
    expect(state.openHolds).toBe(0);
    expect(await searchHits(this.bench)).toEqual(shouldBe.hits);
  }

  /** The end state of a run that nothing disturbs. */
  async undisturbed(bucket: string): Promise<EndState> {
    return (await this.#undisturbedRun(bucket)).state;
  }

  async #undisturbedRun(bucket: string) {
    const known = this.#undisturbed.get(bucket);
    if (known !== undefined) return known;
    const found = await stateUndisturbed(this.reference, bucket);
    this.#undisturbed.set(bucket, found);
    return found;
  }

  async #documentVersions(connectionId: string): Promise<unknown> {
    return this.rows.all(
      `SELECT id, object_key, updated_at FROM document WHERE connection_id = '${connectionId}' ORDER BY id`,
    );
  }

  async #tell(connectionId: string): Promise<unknown> {
    const { proxy, bench, rows } = this;
    return {
      runs: await bench.runs(connectionId),
      stuck: await findStuck(rows),
      proxy: { lists: proxy.lists, objects: proxy.objects.length, disturbed: proxy.disturbed },
      printed: bench.sluice.output().slice(-3_000),
    };
  }
}

/** What a run that nothing disturbs makes of the bucket. The connection of this one run is removed again. */
export async function stateUndisturbed(
  reference: Workbench,
  bucket: string,
): Promise<{ state: EndState; hits: Record<string, string[]> }> {
  const rows = openSqliteRows(reference.sluice.dataDir);
  try {
    const id = await connectTo(reference, bucket, {});
    const run = await endedRun(reference, id, async () => reference.sluice.output().slice(-3_000));
    expect(run).toMatchObject({ status: "completed", tally: { removed: 0, onHold: 0 } });
    const found = { state: await readEndState(rows, id), hits: await searchHits(reference) };
    await disconnectFrom(reference, rows, id);
    return found;
  } finally {
    await rows.close();
  }
}

const newSecretKey = () => randomBytes(32).toString("base64");

export async function connectTo(
  bench: Workbench,
  bucket: string,
  metadata: Record<string, string>,
): Promise<string> {
  const { id } = await bench.client.connections.create("s3", {
    containerTags: [OWN_TAG],
    metadata: bench.metadata(bucket, { containerTagRegex: TAG_REGEX, ...metadata }),
  });
  return id;
}

/** Resolves once its documents are gone, so that no search finds them. */
export async function disconnectFrom(bench: Workbench, rows: Rows, connectionId: string): Promise<void> {
  await bench.client.connections.deleteByID(connectionId);
  await waitUntil("the documents of a disconnected connection are gone", async () => {
    const left = await rows.all(`SELECT 1 FROM document WHERE connection_id = '${connectionId}' LIMIT 1`);
    return left.length === 0;
  });
}

export function endedRun(
  bench: Workbench,
  connectionId: string,
  tell: () => Promise<unknown>,
): Promise<WireRun> {
  return waitUntil(
    "the run is over",
    async () => {
      const [newest] = await bench.runs(connectionId);
      return newest !== undefined && newest.status !== "running" && newest;
    },
    tell,
  );
}

/** The keys that each of the fixed questions finds, by the API. */
export async function searchHits(bench: Workbench): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const q of QUERIES) {
    const answer = await bench.call("/v3/search", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ q, limit: HITS_MAX }),
    });
    const { results } = searchAnswer.parse(await answer.json());
    found[q] = results.map(({ metadata }) => metadata.key).toSorted();
  }
  return found;
}
