import type { Clock } from "@/lib/core/clock";
import { documentIdFor } from "@/lib/core/ids";
import type { Database, Tx } from "@/lib/db/database";
import {
  linkDocuments,
  noLongerQueued,
  recordStored,
  recordUnread,
  type StoredObject,
  type UnreadObject,
  unlinkGoneDocuments,
} from "@/lib/db/sql/outcomes";
import { type BatchLease, demandBatch, listBatch, removeBatch } from "@/lib/db/sql/read-batches";
import { addCost, type RunCost } from "@/lib/db/sql/run-progress";
import { type RunChangeRow, recordChanges } from "@/lib/db/sql/run-records";
import type { Destination, OutdatedDocument, StoredDocument, Write } from "@/lib/destination/destination";
import { EXTRACTOR_VERSION } from "@/lib/extract/extract";
import type { BatchStore, ReadOutcome } from "@/lib/sync/batch-store";
import type { RunSettings } from "@/lib/sync/scope";
import { failedDocument, staleSentence, storedDocument } from "./document-rows";
import { listedObject } from "./listed-object";
import { timedWrite } from "./timed-write";

type BatchContext = {
  batch: BatchLease;
  settings: RunSettings;
  destination: Destination;
  now: Clock;
  monotonicMs: (() => number) | undefined;
  /** A fenced transaction: rejects with `lease_lost` and writes nothing once the claim is gone. */
  write: Write;
};

/** The database as the reader of one batch sees it. Sync state and documents change in the same transactions. */
export function openBatchStore(args: {
  database: Database;
  destination: Destination;
  batch: BatchLease;
  settings: RunSettings;
  /** What the reading has cost since the last call; it is written down with the batch's end. */
  drainCost: () => RunCost;
  now: Clock;
  /** Never goes back, whatever is done to the machine's clock. */
  monotonicMs?: () => number;
}): BatchStore {
  const { database, batch } = args;
  const write: Write = (work) =>
    database.transaction(async (tx) => {
      await demandBatch(tx, batch);
      return work(tx);
    });
  const context: BatchContext = { ...args, monotonicMs: args.monotonicMs, write };
  return {
    nextToRead: () =>
      database.reading(async (tx) => {
        const rows = await listBatch(tx, batch);
        return rows.map((row) => ({
          object: listedObject(row),
          tags: row.wanted_tags ?? "",
          documentId: row.document_id ?? documentIdFor(batch.connectionId, row.key),
          hasStoredVersion: row.stored_etag !== null,
          attempts: row.attempts,
        }));
      }),
    recordOutcomes: (outcomes) => recordOutcomes(context, outcomes),
    close: async () => {
      const cost = args.drainCost();
      await write(async (tx) => {
        await addCost(tx, batch.runId, cost);
        await removeBatch(tx, batch);
      });
    },
  };
}

/** Documents, manifest and change rows change in one transaction; what is long is prepared before it. */
async function recordOutcomes(context: BatchContext, outcomes: readonly ReadOutcome[]): Promise<number> {
  const { batch, settings, destination, write, now, monotonicMs } = context;
  const place = { connectionId: batch.connectionId, settings };
  const documents = new Map<string, StoredDocument>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "stored") continue;
    const document = storedDocument(place, outcome);
    documents.set(document.objectKey, document);
    // Linked ahead: what is staged of a document is never without an object that leads to it.
    await destination.prepare(
      (work) =>
        write(async (tx) => {
          await linkDocuments(tx, batch.connectionId, [document]);
          return work(tx);
        }),
      document,
      now(),
    );
  }
  return timedWrite(write, (tx) => commitOutcomes(tx, context, outcomes, documents), monotonicMs);
}

async function commitOutcomes(
  tx: Tx,
  context: BatchContext,
  all: readonly ReadOutcome[],
  documents: ReadonlyMap<string, StoredDocument>,
): Promise<void> {
  const { batch, destination } = context;
  const now = context.now();
  const keys = all.map(({ queued: { object } }) => object.key);
  const late = await noLongerQueued(tx, batch, keys);
  const outcomes = all.filter((outcome) => !late.has(outcome.queued.object.key));
  const place = { connectionId: batch.connectionId, settings: context.settings };

  const stored = [...documents.values()].filter(({ objectKey }) => !late.has(objectKey));
  const failed = outcomes.flatMap((outcome) =>
    outcome.kind === "failed"
      ? failedDocument(place, {
          object: outcome.queued.object,
          documentId: outcome.queued.documentId,
          tags: outcome.queued.tags,
          error: outcome.message,
        })
      : [],
  );
  const skipped = outcomes.flatMap((outcome) => (outcome.kind === "skipped" ? outcome : []));

  await destination.store(tx, stored, now);
  await destination.fail(tx, failed, now);
  // An object that is gone when it is read is removed by a complete listing, and by nothing else.
  const isGone = ({ reason }: SkippedOutcome) => reason === "vanished";
  await destination.setAside(tx, skipped.filter((outcome) => !isGone(outcome)).map(asideOf), now);
  await destination.outdate(tx, skipped.filter(isGone).map(asideOf), now);
  const extractorVersion = EXTRACTOR_VERSION;
  const skippedKeys = skipped.map(({ queued: { object } }) => object.key);
  await Promise.all([
    recordStored(tx, batch, { objects: outcomes.flatMap(storedObject), extractorVersion }),
    recordUnread(tx, batch, { objects: outcomes.flatMap(unreadObject), extractorVersion }),
    unlinkGoneDocuments(tx, batch.connectionId, skippedKeys),
    recordChanges(tx, batch.runId, outcomes.map(changeRow), now),
  ]);
}

type SkippedOutcome = Extract<ReadOutcome, { kind: "skipped" }>;

function asideOf({ queued, reason }: SkippedOutcome): OutdatedDocument {
  return { id: queued.documentId, error: staleSentence(reason) };
}

function storedObject(outcome: ReadOutcome): StoredObject | [] {
  if (outcome.kind !== "stored") return [];
  const { object, documentId, tags } = outcome.queued;
  const { key, etag, sizeBytes, lastModified } = object;
  return { key, etag, sizeBytes, lastModified, documentId, tags };
}

function unreadObject(outcome: ReadOutcome): UnreadObject | [] {
  const { object, documentId } = outcome.queued;
  const { key, etag, sizeBytes, lastModified } = object;
  const version = { key, etag, sizeBytes, lastModified };
  switch (outcome.kind) {
    case "stored":
      return [];
    case "skipped": {
      const { reason, message, detected, nextTryAt } = outcome;
      const none = { documentId: null, attempts: 0, stage: null, nextTryAt };
      return { ...version, ...none, outcome: "skipped", reason, message, detected };
    }
    case "failed": {
      const { code, stage, message, detected, attempt, nextTryAt } = outcome;
      const failure = { reason: code, stage, message, detected, attempts: attempt, nextTryAt };
      return { ...version, ...failure, outcome: "failed", documentId };
    }
    default:
      return outcome satisfies never;
  }
}

function changeRow(outcome: ReadOutcome): RunChangeRow {
  const { key } = outcome.queued.object;
  switch (outcome.kind) {
    case "stored": {
      const kind = outcome.queued.hasStoredVersion ? "updated" : "added";
      return { key, kind, reason: null, stage: null, message: null, attempt: 0, nextTryAt: null };
    }
    case "skipped": {
      const { reason, message, nextTryAt } = outcome;
      return { key, kind: "skipped", reason, stage: "fetch", message, attempt: 0, nextTryAt };
    }
    case "failed": {
      const { code, stage, message, attempt, nextTryAt } = outcome;
      return { key, kind: "failed", reason: code, stage, message, attempt, nextTryAt };
    }
    default:
      return outcome satisfies never;
  }
}
