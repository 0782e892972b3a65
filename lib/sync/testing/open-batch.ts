import pino from "pino";
import { STORE_BATCH_ROWS } from "@/lib/core/limits";
import type { ExtractedDocument } from "@/lib/extract/extract";
import type { ListedObject } from "@/lib/source/source";
import { MemorySource } from "@/lib/source/testing/memory-source";
import type { BatchStore, QueuedObject, ReadOutcome } from "../batch-store";
import { openBudget } from "../budget";
import { compileScope, type RunSettings } from "../scope";
import { openStageClock } from "../stages";
import { openWritePace } from "../write-pace";

export const NOW = 1_790_000_000_000;

export const SETTINGS: RunSettings = {
  bucket: "b",
  region: "us-east-1",
  endpoint: null,
  prefix: "",
  filters: { includeGlobs: [], excludeGlobs: [], extensions: [], sizeBytesMin: null, sizeBytesMax: 1_000 },
  containerTagRegex: null,
  tagFallback: "connection_tags",
  containerTags: ["t"],
  documentLimit: 1_000,
  deletionPolicy: "remove",
};

export const TEXT: Extract<ExtractedDocument, { outcome: "text" }> = {
  outcome: "text",
  text: "text",
  title: null,
  type: "text",
  isCut: false,
  titleTokens: "",
  chunks: [],
  areChunksCut: false,
};

/** A batch of everything that is in the bucket, as a listing finds it now. */
export async function openBatch(bucket: MemorySource) {
  const { signal } = new AbortController();
  const objects = await listed(bucket);
  const outcomes: ReadOutcome[] = [];
  const store: BatchStore = {
    nextToRead: async () => objects.map(queued),
    recordOutcomes: async (written) => {
      outcomes.push(...written);
      return 1;
    },
    close: async () => {},
  };
  const deps = {
    connectionId: "c",
    source: bucket,
    store,
    scope: compileScope(SETTINGS),
    extractor: { extract: async (): Promise<ExtractedDocument> => TEXT, close: async () => {} },
    stages: openStageClock(),
    log: pino({ level: "silent" }),
    memory: {
      fetched: openBudget(1_000_000),
      unfolded: openBudget(1_000_000),
      texts: openBudget(1_000_000),
      unforeseen: openBudget(1_000_000),
    },
    storePace: openWritePace(STORE_BATCH_ROWS),
    failures: { inARow: 0, deciding: null },
    isFirst: true,
    now: () => NOW,
    random: () => 0,
    signal,
  };
  const endings = () =>
    Object.fromEntries(outcomes.map((outcome) => [outcome.queued.object.key, endingOf(outcome)]));
  return { deps, outcomes, endings };
}

export async function listed(bucket: MemorySource): Promise<ListedObject[]> {
  const { signal } = new AbortController();
  return (await bucket.listPage({ prefix: "", startAfter: null, token: null, signal })).objects;
}

function queued(object: ListedObject): QueuedObject {
  return { object, tags: "t", documentId: `d-${object.key}`, hasStoredVersion: false, attempts: 0 };
}

function endingOf(outcome: ReadOutcome): string {
  if (outcome.kind === "stored") return "stored";
  return outcome.kind === "skipped"
    ? `skipped ${outcome.reason}`
    : `failed ${outcome.code} at ${outcome.stage}`;
}

export function bucketOf(count: number, content = "text"): MemorySource {
  const bucket = new MemorySource();
  for (let at = 0; at < count; at++) bucket.put(`${String(at).padStart(3, "0")}.txt`, content);
  return bucket;
}
