import { documentIdFor } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { admitOverLimit, type ListedRow, nextOverLimit, nextQueued } from "@/lib/db/sql/manifest";
import {
  linkDocuments,
  type ObjectOutcome,
  recordObjectOutcomes,
  stillQueued,
  unlinkGoneDocuments,
} from "@/lib/db/sql/outcomes";
import { type RunChangeRow, recordChanges } from "@/lib/db/sql/run-records";
import type { StoredDocument } from "@/lib/destination/destination";
import { EXTRACTOR_VERSION } from "@/lib/extract/extract";
import type { ListedObject } from "@/lib/source/source";
import type { ReadOutcome, RunStore } from "@/lib/sync/manifest";
import { failedDocument, staleSentence, storedDocument } from "./document-rows";
import type { RunStoreContext } from "./run-store";

type ReadingPart = Pick<RunStore, "nextToRead" | "recordOutcomes" | "nextParked" | "admitParked">;

/** What reading and storing need. */
export function readingStore(context: RunStoreContext): ReadingPart {
  const { lease, read, write } = context;
  return {
    nextToRead: (afterKey, countMax) =>
      read(async (tx) => {
        const rows = await nextQueued(tx, lease, { afterKey, countMax });
        return rows.map((row) => ({
          object: listedObject(row),
          tags: row.wanted_tags ?? "",
          documentId: row.document_id ?? documentIdFor(lease.connectionId, row.key),
          hasStoredVersion: row.stored_etag !== null,
          attempts: row.attempts,
        }));
      }),
    recordOutcomes: (outcomes) => recordOutcomes(context, outcomes),
    nextParked: (countMax) =>
      read(async (tx) => (await nextOverLimit(tx, lease.connectionId, countMax)).map(listedObject)),
    admitParked: (admitted) => write((tx) => admitOverLimit(tx, lease, admitted)),
  };
}

function listedObject(row: ListedRow): ListedObject {
  return {
    key: row.key,
    etag: row.listed_etag,
    sizeBytes: row.size_bytes,
    lastModified: row.last_modified,
    storageClass: row.storage_class,
  };
}

/** Documents, manifest and change rows change in one transaction; what is long is prepared before it. */
async function recordOutcomes(context: RunStoreContext, outcomes: readonly ReadOutcome[]): Promise<void> {
  const { lease, settings, destination, write, now } = context;
  const place = { connectionId: lease.connectionId, settings };
  const documents = new Map<string, StoredDocument>();
  for (const outcome of outcomes) {
    if (outcome.kind !== "stored") continue;
    const document = storedDocument(place, outcome);
    documents.set(document.objectKey, document);
    // Linked ahead: what is staged of a document is never without an object that leads to it.
    await destination.prepare(
      (work) =>
        write(async (tx) => {
          await linkDocuments(tx, lease.connectionId, [document]);
          return work(tx);
        }),
      document,
      now(),
    );
  }
  await write((tx) => commitOutcomes(tx, context, outcomes, documents));
  await destination.tidy(write);
}

async function commitOutcomes(
  tx: Tx,
  context: RunStoreContext,
  all: readonly ReadOutcome[],
  documents: ReadonlyMap<string, StoredDocument>,
): Promise<void> {
  const { lease, destination } = context;
  const now = context.now();
  const keys = all.map(({ queued: { object } }) => object.key);
  const queued = await stillQueued(tx, lease, keys);
  const outcomes = all.filter((outcome) => queued.has(outcome.queued.object.key));
  const place = { connectionId: lease.connectionId, settings: context.settings };

  const stored = [...documents.values()].filter(({ objectKey }) => queued.has(objectKey));
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
  await destination.setAside(
    tx,
    skipped.map(({ queued: { documentId }, reason }) => ({ id: documentId, error: staleSentence(reason) })),
    now,
  );
  await recordObjectOutcomes(tx, lease, outcomes.map(objectOutcome));
  await linkDocuments(tx, lease.connectionId, [...stored, ...failed]);
  await unlinkGoneDocuments(
    tx,
    lease.connectionId,
    skipped.map(({ queued: { object } }) => object.key),
  );
  await recordChanges(tx, lease.runId, outcomes.map(changeRow), now);
}

function objectOutcome(outcome: ReadOutcome): ObjectOutcome {
  const { object, tags } = outcome.queued;
  const version = {
    key: object.key,
    etag: object.etag,
    sizeBytes: object.sizeBytes,
    lastModified: object.lastModified,
  };
  const clean = { reason: null, message: null, attempts: 0, nextTryAt: null, storedTags: null };
  const base = { ...version, ...clean, outcome: outcome.kind, extractorVersion: EXTRACTOR_VERSION };
  switch (outcome.kind) {
    case "stored":
      return { ...base, storedTags: tags };
    case "skipped":
      return { ...base, reason: outcome.reason, message: outcome.message };
    case "failed":
      return {
        ...base,
        reason: outcome.code,
        message: outcome.message,
        attempts: outcome.attempt,
        nextTryAt: outcome.nextTryAt,
      };
    default:
      return outcome satisfies never;
  }
}

function changeRow(outcome: ReadOutcome): RunChangeRow {
  const base = {
    key: outcome.queued.object.key,
    reason: null,
    stage: null,
    message: null,
    attempt: 0,
    nextTryAt: null,
  };
  switch (outcome.kind) {
    case "stored":
      return { ...base, kind: outcome.queued.hasStoredVersion ? "updated" : "added" };
    case "skipped":
      return { ...base, kind: "skipped", reason: outcome.reason, stage: "fetch", message: outcome.message };
    case "failed":
      return {
        ...base,
        kind: "failed",
        reason: outcome.code,
        stage: outcome.stage,
        message: outcome.message,
        attempt: outcome.attempt,
        nextTryAt: outcome.nextTryAt,
      };
    default:
      return outcome satisfies never;
  }
}
