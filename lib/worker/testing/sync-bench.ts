import { vi } from "vitest";
import type { ConnectBucketInput } from "@/lib/connections/schema";
import type { Database, Tx } from "@/lib/db/database";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { canReadNow, type ExtractedDocument, NEWLY_READ, type NewlyRead } from "@/lib/extract/extract";
import type { RunKind } from "@/lib/rules/run-status";
import { isBalanced } from "@/lib/rules/tally";
import type { ObjectSource } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import { enqueueRun } from "@/lib/sync-runs/enqueue-run";
import { getSyncRun } from "@/lib/sync-runs/get-sync-run";
import type { RunView } from "@/lib/sync-runs/schema";
import { type ClaimedRun, claimNextRun } from "../claim-run";
import { dispatch } from "../dispatcher";
import { runClaimed } from "../run-claimed";
import { asText, benchWorker, connectBench, TESTER } from "./bench-worker";
import { openNetworkFence } from "./network-fence";

/** A connection over a bucket in memory and a real database, whose runs a test starts one by one. */
export type SyncBench = {
  bucket: MemorySource;
  /** The bucket as the worker has it. */
  source: ObjectSource;
  database: Database;
  connectionId: string;
  /** The clock of everything; tests move it. */
  clock: { now: number };
  extracted: string[];
  /**
   * Runs one sync to its end and demands that its tally adds up, whatever ended it, and that no transaction held a call
   * of the bucket.
   */
  sync(options?: SyncOptions): Promise<RunView>;
  /** Lists and queues as a run does, and stops before anything is read. */
  listOnly(): Promise<RunView>;
  documents(): Promise<DocumentState[]>;
  objects(): Promise<Record<string, string>>;
  remove(): Promise<void>;
};

export type SyncOptions = {
  source?: ObjectSource;
  /** Stops the worker. */
  signal?: AbortSignal;
  kind?: RunKind;
  /** What versions of the extractor have brought; unless given, what they have. */
  newlyRead?: NewlyRead;
  planRunId?: string;
  /** Where the lease tokens of what is being read stand. */
  reading?: Set<string>;
  /** Goes on with a run that was begun. */
  isResumed?: boolean;
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
  const { database: opened, remove } = temporaryDatabase();
  const fence = openNetworkFence();
  const database = fence.watched(opened);
  const clock = { now: 1_790_000_000_000 };
  // Small pages, so that a few hundred objects already are a listing of several.
  const bucket = new MemorySource({ pageKeys: 100 });
  const extracted: string[] = [];
  const connectionId = await connectBench(database, settings, clock.now);
  let present: ObjectSource = bucket;
  const source = fence.source(() => present);
  const deps = benchWorker(database, () => source, {
    now: () => clock.now,
    extract: (name, text) => {
      extracted.push(name);
      return extract(name, text);
    },
  });
  const claim = async ({ kind = "sync", planRunId, isResumed }: SyncOptions): Promise<ClaimedRun> => {
    clock.now += 1_000;
    const applied = planRunId === undefined ? {} : { planRunId };
    const input = { connectionId, kind, ...applied, trigger: "manual", requestedBy: "test" } as const;
    if (!isResumed) await database.transaction((tx) => enqueueRun({ tx, input, now: clock.now }));
    const claimed = await claimNextRun({ database, workerId: "bench", now: clock.now });
    if (!claimed) throw new Error("There was no run to claim.");
    return claimed;
  };
  const read = ({ lease }: ClaimedRun) =>
    database.reading((tx) => getSyncRun({ actor: TESTER, tx, input: { id: lease.runId } }));
  return {
    bucket,
    source,
    database,
    connectionId,
    clock,
    extracted,
    listOnly: async () => {
      const claimed = await claim({});
      const stopping = new AbortController();
      const listing = runClaimed(claimed, deps, stopping.signal);
      const isListed = async () => (await read(claimed)).listedAt !== null;
      await vi.waitUntil(isListed, { timeout: 10_000 });
      stopping.abort(new Error("the worker stops"));
      await listing;
      fence.demandNoneInside();
      return read(claimed);
    },
    sync: async (options = {}) => {
      const claimed = await claim(options);
      present = options.source ?? bucket;
      const ending = new AbortController();
      const signal = AbortSignal.any([ending.signal, ...(options.signal ? [options.signal] : [])]);
      const reading = dispatch(deps, { id: "bench", reading: options.reading ?? new Set() }, signal);
      const { newlyRead = NEWLY_READ } = options;
      const reads = (...asked: [string | null, number]) => canReadNow(...asked, newlyRead);
      await runClaimed(claimed, { ...deps, canReadNow: reads }, signal);
      ending.abort();
      await reading;
      fence.demandNoneInside();
      const run = await read(claimed);
      demandBalanced(run);
      return run;
    },
    documents: () => database.reading(readDocuments),
    objects: () => database.reading(readObjects),
    remove,
  };
}

function demandBalanced({ status, tally }: RunView): void {
  const isRest = status === "completed" && tally.pending > 0;
  if (status === "running" || (!isRest && isBalanced(tally))) return;
  throw new Error(`The tally does not add up: ${JSON.stringify(tally)}`);
}

async function readObjects({ prisma }: Tx): Promise<Record<string, string>> {
  const rows = await prisma.sourceObject.findMany({ orderBy: { key: "asc" } });
  return Object.fromEntries(
    rows.map((row) => [row.key, row.reason ? `${row.outcome}: ${row.reason}` : row.outcome]),
  );
}

async function readDocuments({ sql }: Tx): Promise<DocumentState[]> {
  const rows = await sql.all<DocumentFacts>(
    `SELECT d.id, d.object_key, d.status, d.content, d.stale_since, d.error, d.updated_at,
         (SELECT string_agg(tag, ',' ORDER BY tag) FROM document_tag t WHERE t.document_serial = d.serial) AS tags,
         (SELECT count(*) FROM chunk c WHERE c.document_serial = d.serial AND c.version = d.chunk_version) AS chunks
       FROM document d ORDER BY d.object_key`,
  );
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
