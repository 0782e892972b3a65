import pino from "pino";
import { tokenize } from "@/lib/analyze/tokens";
import { createConnection } from "@/lib/connections/create-connection";
import { type ConnectBucketInput, connectBucketInput } from "@/lib/connections/schema";
import type { Actor } from "@/lib/core/actor";
import type { Database, Tx } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { embeddedDestination } from "@/lib/destination/embedded";
import type { ExtractedDocument, Extractor } from "@/lib/extract/extract";
import { isBalanced } from "@/lib/rules/tally";
import { MemorySource } from "@/lib/source/memory-source";
import type { ObjectSource } from "@/lib/source/source";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import type { RunView } from "@/lib/sync-runs/schema";
import { claimNextRun } from "../claim-run";
import { type RunClaimedDeps, runClaimed } from "../run-claimed";

export const TESTER: Actor = { kind: "system", name: "worker" };

/** A connection over a bucket in memory and a real database, whose runs a test starts one by one. */
export type SyncBench = {
  bucket: MemorySource;
  database: Database;
  connectionId: string;
  /** The clock of everything; tests move it. */
  clock: { now: number };
  extracted: string[];
  /** Runs one sync to its end and demands that its tally adds up. */
  sync(options?: { source?: ObjectSource; signal?: AbortSignal }): Promise<RunView>;
  documents(): Promise<DocumentState[]>;
  objects(): Promise<Record<string, string>>;
  remove(): Promise<void>;
};

export type DocumentState = {
  id: string;
  key: string | null;
  status: string;
  content: string | null;
  tags: string[];
  isStale: boolean;
  error: string | null;
  updatedAt: number;
  chunkCount: number;
};

export async function openSyncBench(
  settings: Partial<ConnectBucketInput> = {},
  extract: (name: string, text: string) => ExtractedDocument = asText,
): Promise<SyncBench> {
  const { database, remove } = temporaryDatabase();
  const clock = { now: 1_790_000_000_000 };
  // Small pages, so that a few hundred objects already are a listing of several.
  const bucket = new MemorySource({ pageKeys: 100 });
  const extracted: string[] = [];
  const connectionId = await connect(database, settings, clock.now);
  const extractor: Extractor = {
    extract: async ({ name, bytes }) => {
      extracted.push(name);
      return extract(name, Buffer.from(bytes).toString("utf8"));
    },
    close: async () => {},
  };
  const deps: RunClaimedDeps = {
    database,
    destination: embeddedDestination,
    extractor,
    openSource: () => bucket,
    log: pino({ level: "silent" }),
    now: () => clock.now,
    random: () => 0.5,
  };
  return {
    bucket,
    database,
    connectionId,
    clock,
    extracted,
    sync: async (options = {}) => {
      clock.now += 1_000;
      const input = { connectionId, trigger: "manual", requestedBy: "test" } as const;
      await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
      const claimed = await claimNextRun({ database, workerId: "bench", now: clock.now });
      if (!claimed) throw new Error("There was no run to claim.");
      const opened = options.source ?? bucket;
      await runClaimed(
        claimed,
        {
          ...deps,
          openSource: () => ({
            listPage: (a) => opened.listPage(a),
            read: (a) => opened.read(a),
            close: () => {},
          }),
        },
        options.signal ?? new AbortController().signal,
      );
      const run = await database.reading((tx) =>
        getSyncRun({ actor: TESTER, tx, input: { id: claimed.lease.runId } }),
      );
      if (run.status === "completed" && !isBalanced(run.tally)) {
        throw new Error(`The tally does not add up: ${JSON.stringify(run.tally)}`);
      }
      return run;
    },
    documents: () => database.reading(async (tx) => readDocuments(tx)),
    objects: () =>
      database.reading(async ({ prisma }) => {
        const rows = await prisma.sourceObject.findMany({ orderBy: { key: "asc" } });
        return Object.fromEntries(
          rows.map((row) => [row.key, row.reason ? `${row.outcome}: ${row.reason}` : row.outcome]),
        );
      }),
    remove,
  };
}

async function connect(
  database: Database,
  settings: Partial<ConnectBucketInput>,
  now: number,
): Promise<string> {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  const input = connectBucketInput.parse({ bucket: "bench", region: "us-east-1", credentials, ...settings });
  const { id } = await database.transaction((tx) =>
    createConnection({
      actor: TESTER,
      tx,
      now,
      input: { ...input, addressingStyle: "path", sealedCredentials: "sealed", nextRunAt: null },
    }),
  );
  return id;
}

function readDocuments({ handle }: Tx): DocumentState[] {
  const rows = handle
    .prepare(
      `SELECT d.id, d.object_key, d.status, d.content, d.stale_since, d.error, d.updated_at,
         (SELECT group_concat(tag, ',') FROM document_tag t WHERE t.document_id = d.id) AS tags,
         (SELECT count(*) FROM chunk c WHERE c.document_id = d.id) AS chunks
       FROM document d ORDER BY d.object_key`,
    )
    .all() as DocumentFacts[];
  return rows.map((row) => ({
    id: row.id,
    key: row.object_key,
    status: row.status,
    content: row.content,
    tags: row.tags === null ? [] : row.tags.split(","),
    isStale: row.stale_since !== null,
    error: row.error,
    updatedAt: row.updated_at,
    chunkCount: row.chunks,
  }));
}

type DocumentFacts = {
  id: string;
  object_key: string | null;
  status: string;
  content: string | null;
  stale_since: number | null;
  error: string | null;
  updated_at: number;
  tags: string | null;
  chunks: number;
};

/** The simplest extraction there is, a chunk for each form feed; "!fail" and "!unsupported" in the text ask for the other endings. */
export function asText(name: string, text: string): ExtractedDocument {
  if (text.includes("!fail"))
    return { outcome: "failed", code: "extract_failed", message: `${name} cannot be read.` };
  if (text.includes("!unsupported")) return { outcome: "unsupported", detected: "image/png" };
  const chunks = text.split("\f").map((content) => ({ content, tokens: tokenize(content) }));
  return {
    outcome: "text",
    text,
    title: null,
    type: "text",
    isCut: false,
    titleTokens: tokenize(name),
    chunks,
    areChunksCut: false,
  };
}
