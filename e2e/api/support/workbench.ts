import { readFile } from "node:fs/promises";
import path from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import Supermemory from "supermemory";
import { createBucket, makeS3Client, putMany, removeBucket } from "../../support/s3-client.mjs";
import { type Sluice, startSluice } from "../../support/start-sluice.mjs";
import { type TestServer, testServer } from "./test-server";
import { until } from "./until";

/** A sync run as `GET /v3/connections/{id}/sync-runs` shows it. */
export type WireRun = {
  id: string;
  connectionId: string;
  status: "running" | "completed" | "failed";
  triggerType: string;
  startedAt: string;
  completedAt: string | null;
  itemsProcessed: number;
  itemsFailed: number;
  error: string | null;
  errorCode: string | null;
  tally: {
    listed: number;
    added: number;
    updated: number;
    retagged: number;
    unchanged: number;
    skipped: Record<string, number>;
    overLimit: number;
    failed: number;
    pending: number;
    removed: number;
    onHold: number;
  };
};

type Content = string | Uint8Array;
type CreateBody = Supermemory.ConnectionCreateParams;

/** The built program, the published SDK that knows nothing but its address, and a real S3 server. */
export class Workbench {
  readonly #buckets: string[] = [];

  private constructor(
    readonly sluice: Sluice,
    readonly server: TestServer,
    readonly s3: S3Client,
    readonly client: Supermemory,
  ) {}

  static async open(options: Parameters<typeof startSluice>[0] = {}): Promise<Workbench> {
    const server = testServer();
    const sluice = await startSluice(options);
    // The AWS SDK writes into the credentials that it is handed.
    const s3 = makeS3Client({ endpoint: server.endpoint, user: { ...server.user } });
    const client = new Supermemory({ apiKey: sluice.apiKey, baseURL: sluice.url });
    return new Workbench(sluice, server, s3, client);
  }

  async close(): Promise<void> {
    await this.sluice.stop();
    await this.sluice.removeData();
    for (const bucket of this.#buckets) await removeBucket(this.s3, bucket).catch(() => {});
    this.s3.destroy();
  }

  /** A bucket of its own with these objects, removed at the end. */
  async bucket(objects: Record<string, Content> = {}): Promise<string> {
    const bucket = await createBucket(this.s3, "sluice");
    this.#buckets.push(bucket);
    await this.put(bucket, objects);
    return bucket;
  }

  async put(bucket: string, objects: Record<string, Content>): Promise<void> {
    await putMany(this.s3, bucket, Object.entries(objects));
  }

  /** The `metadata` that connects a bucket of the test server. */
  metadata(bucket: string, more: Record<string, string | number | boolean> = {}) {
    const { endpoint, user } = this.server;
    return { ...user, bucket, region: "us-east-1", endpoint, ...more };
  }

  /** Creates a connection and waits for its first run. */
  async connect(
    bucket: string,
    options: Omit<CreateBody, "metadata"> & { metadata?: Record<string, string | number | boolean> } = {},
  ): Promise<{ id: string; run: WireRun }> {
    const { metadata, ...rest } = options;
    const { id } = await this.client.connections.create("s3", {
      ...rest,
      metadata: this.metadata(bucket, metadata),
    });
    return { id, run: await this.settled(id) };
  }

  runs(connectionId: string): Promise<WireRun[]> {
    return this.client.get<WireRun[]>(`/v3/connections/${connectionId}/sync-runs`);
  }

  /** The newest run once it is over. */
  settled(connectionId: string): Promise<WireRun> {
    return until("the run is over", async () => {
      const [newest] = await this.runs(connectionId);
      return newest !== undefined && newest.status !== "running" && newest;
    });
  }

  /** Asks for a run by hand and waits for it. Give the connection a tag that no other one has. */
  async importOnce(connectionId: string, tag: string): Promise<WireRun> {
    const before = new Set((await this.runs(connectionId)).map(({ id }) => id));
    await this.client.connections.import("s3", { containerTags: [tag] });
    return until("the asked-for run is over", async () => {
      const [newest] = await this.runs(connectionId);
      return newest !== undefined && !before.has(newest.id) && newest.status !== "running" && newest;
    });
  }

  /** Every document with these tags, by its object's key. */
  async documentsByKey(containerTags: string[]): Promise<Map<string, WireDocument>> {
    const listed = await this.client.documents.list({ containerTags, limit: 1_100, includeContent: true });
    return new Map(
      listed.memories.map((one) => [one.filepath ?? "", { ...one, content: one.content ?? "" }]),
    );
  }

  fetch(address: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.sluice.url}${address}`, init);
  }

  /** The same with the API key. */
  call(address: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${this.sluice.apiKey}`, ...init.headers };
    return this.fetch(address, { ...init, headers });
  }
}

export type WireDocument = Awaited<ReturnType<Supermemory["documents"]["list"]>>["memories"][number] & {
  content: string;
};

export function fixture(name: string): Promise<Uint8Array> {
  return readFile(path.resolve(import.meta.dirname, "../../fixtures", name));
}

/** What a promise is rejected with; rejects when it is not. */
export async function refusalOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  throw new Error("It was expected to be refused, and was not.");
}
