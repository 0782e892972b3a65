import { expect } from "vitest";
import { consoleCookie } from "../../api/support/console-cookie";
import { type WireRun, Workbench } from "../../api/support/workbench";
import { type Sluice, startSluice } from "../../support/start-sluice.mjs";
import { connectTo, disconnectFrom, endedRun, searchHits } from "./connection-steps";
import { differences, type EndState, findStuck, readEndState, untilTidy } from "./end-state";
import { FaultProxy } from "./fault-proxy";
import { makeDatabase, type OwnDatabase } from "./own-database";
import { ownPort } from "./own-port";
import { everyPage } from "./page-faults";
import type { Rows } from "./rows";
import { OWN_TAG } from "./sample-objects";
import { expectNumbersClose } from "./tally-check";
import { type Remains, runUndisturbed } from "./undisturbed-run";
import { waitUntil } from "./wait-until";

const ADMIN = { SLUICE_ADMIN_EMAIL: "ada@example.com", SLUICE_ADMIN_PASSWORD: "nine quiet rivers meet" };
/** What is said to people of a failure: it begins as a sentence does, or with the status code of its kind, and ends as one. */
export const SENTENCE = /^(\d{3} )?["A-Z].*\.$/s;

export type BenchOptions = {
  /** So many keys at most on a page that comes through the proxy. */
  pageKeysMax?: number;
  /** Of the disturbed Sluice; a temporary folder if not given. */
  dataDir?: string;
  /** A PostgreSQL server for the disturbed Sluice; if not given, what the project of the suite stands on. */
  postgresUrl?: string;
};

/** Two Sluices: one that is disturbed, behind the proxy, and one that nothing disturbs, which is always on SQLite. */
export class FaultBench {
  #again: Sluice | null = null;
  readonly #database: OwnDatabase;
  readonly #remains = new Map<string, Remains>();

  private constructor(
    readonly disturbed: Workbench,
    readonly undisturbed: Workbench,
    readonly proxy: FaultProxy,
    readonly rows: Rows,
    readonly cookie: string,
    database: OwnDatabase,
  ) {
    this.#database = database;
  }

  static async open(options: BenchOptions = {}): Promise<FaultBench> {
    const { dataDir = null, pageKeysMax = null, postgresUrl } = options;
    const database = await makeDatabase(postgresUrl);
    const [disturbed, undisturbed] = await openBoth(
      { env: { ...ADMIN, ...database.env }, dataDir, port: await ownPort() },
      { port: await ownPort() },
    );
    const { endpoint, user, other } = disturbed.server;
    const proxy = new FaultProxy(endpoint, [user, other], pageKeysMax);
    await proxy.open();
    const rows = database.openRows(disturbed.sluice.dataDir);
    const cookie = await consoleCookie(
      disturbed.sluice.url,
      ADMIN.SLUICE_ADMIN_EMAIL,
      ADMIN.SLUICE_ADMIN_PASSWORD,
    );
    return new FaultBench(disturbed, undisturbed, proxy, rows, cookie, database);
  }

  /** What another process of the disturbed installation needs. */
  environment(port = this.disturbed.sluice.port): Record<string, string> {
    const { dataDir, apiKey } = this.disturbed.sluice;
    const own = { SLUICE_DATA_DIR: dataDir, SLUICE_API_KEY: apiKey, PORT: String(port) };
    return { ...ADMIN, ...this.#database.env, ...own };
  }

  /** Starts the same program on the same data again, at the same address. */
  async startAgain(): Promise<void> {
    const { dataDir, port } = this.disturbed.sluice;
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
    await this.disturbed.close();
    await this.undisturbed.close();
    await this.proxy.close();
    await this.#database.drop();
  }

  /** Holds that what is kept is whole. Nothing may run on it any more. */
  expectSound(): void {
    expect(this.#database.findDamage(this.disturbed.sluice.dataDir)).toEqual([]);
  }

  /**
   * Connects the bucket through the proxy, which shows an empty one to the check and to the first run. The next run is
   * the one that finds the objects, with whatever rule is set by then.
   */
  async connect(bucket: string, metadata: Record<string, string> = {}): Promise<string> {
    this.proxy.obey(everyPage(() => ({ entries: [], nextToken: null })));
    const id = await connectTo(this.disturbed, bucket, { endpoint: this.proxy.url, ...metadata });
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
    return endedRun(this.disturbed, connectionId, () => this.#tell(connectionId));
  }

  /** Asks for one more run and waits for it. */
  async runAgain(connectionId: string): Promise<WireRun> {
    const before = await this.disturbed.runs(connectionId);
    await this.disturbed.client.connections.import("s3", { containerTags: [OWN_TAG] });
    await waitUntil(
      "a further run is queued",
      async () => (await this.disturbed.runs(connectionId)).length > before.length,
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

  /** The documents that are stored now, by the key of their object, in its order. */
  async storedKeys(connectionId: string): Promise<string[]> {
    const { keys } = await readEndState(this.rows, connectionId);
    const stored = Object.entries(keys).filter(([, { document }]) => document !== null);
    return stored.map(([key]) => key).toSorted();
  }

  async disconnect(connectionId: string): Promise<void> {
    this.proxy.obey();
    await disconnectFrom(this.disturbed, this.rows, connectionId);
  }

  async #expectState(bucket: string, connectionId: string): Promise<void> {
    await untilTidy(this.rows);
    expect(await findStuck(this.rows)).toEqual([]);
    const { disturbed, rows, cookie } = this;
    await expectNumbersClose({ bench: disturbed, rows, cookie, connectionId });
    const shouldBe = await this.#undisturbedRun(bucket);
    const state = await readEndState(this.rows, connectionId);
    expect(differences(state, shouldBe.state)).toEqual([]);
    expect(state.openHolds).toBe(0);
    expect(await searchHits(this.disturbed)).toEqual(shouldBe.hits);
  }

  /** The end state of a run that nothing disturbs. */
  async stateUndisturbed(bucket: string): Promise<EndState> {
    return (await this.#undisturbedRun(bucket)).state;
  }

  async #undisturbedRun(bucket: string) {
    const known = this.#remains.get(bucket);
    if (known !== undefined) return known;
    const found = await runUndisturbed(this.undisturbed, bucket);
    this.#remains.set(bucket, found);
    return found;
  }

  async #documentVersions(connectionId: string): Promise<unknown> {
    return this.rows.all(
      `SELECT id, object_key, updated_at FROM document WHERE connection_id = '${connectionId}' ORDER BY id`,
    );
  }

  async #tell(connectionId: string): Promise<unknown> {
    const { proxy, disturbed, rows } = this;
    return {
      runs: await disturbed.runs(connectionId),
      stuck: await findStuck(rows),
      proxy: { lists: proxy.lists, objects: proxy.objects.length, disturbed: proxy.disturbed },
      printed: disturbed.sluice.output().slice(-3_000),
    };
  }
}

type StartOptions = Parameters<typeof Workbench.open>[0];

/** Neither is left behind when the other does not come up. */
async function openBoth(first: StartOptions, second: StartOptions): Promise<[Workbench, Workbench]> {
  const opening = [Workbench.open(first), Workbench.open(second)] as const;
  try {
    return await Promise.all(opening);
  } catch (thrown) {
    for (const one of await Promise.allSettled(opening)) {
      if (one.status === "fulfilled") await one.value.close();
    }
    throw thrown;
  }
}
