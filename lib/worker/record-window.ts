import { documentIdFor } from "@/lib/core/ids";
import type { Tx } from "@/lib/db/database";
import { markAbsent } from "@/lib/db/sql/absence";
import {
  documentsOf,
  type ObjectUpsert,
  restoreObjects,
  setStoredTags,
  upsertObjects,
} from "@/lib/db/sql/manifest";
import { linkDocuments, unlinkGoneDocuments } from "@/lib/db/sql/outcomes";
import { promisePlaces } from "@/lib/db/sql/places";
import { advanceRange, recordChanges, recordStillFailed } from "@/lib/db/sql/run-records";
import type { ListedObject } from "@/lib/source/source";
import type { WindowRecord } from "@/lib/sync/manifest";
import { failedDocument, staleSentence } from "./document-rows";
import type { RunStoreContext } from "./run-store";
import { batchesFor } from "./run-store-queue";

/** One transaction: the manifest, the documents that change without a read, the change rows, counts and cursor. */
export async function recordWindow(tx: Tx, context: RunStoreContext, record: WindowRecord): Promise<void> {
  const { lease, destination } = context;
  const now = context.now();
  const batches = await batchesFor(tx, context, record.queue.length);
  await upsertObjects(tx, lease, upsertsOf(record, batches));
  await restoreObjects(
    tx,
    lease.connectionId,
    record.restore.map(({ key }) => key),
  );
  await destination.refresh(
    tx,
    record.restore.flatMap(({ documentId }) => documentId ?? []),
  );
  await setSkippedAside(tx, context, record, now);
  await failInWindow(tx, context, record, now);
  await retagInWindow(tx, context, record, now);
  await moveInWindow(tx, context, record);
  await markAbsent(tx, lease, record.absent, now);
  if (record.promised.length > 0) await promisePlaces(tx, lease, record.promised);
  await recordChanges(tx, lease.runId, changesOf(record), now);
  const stillFailed = record.stillFailed.map(({ key }) => key);
  await recordStillFailed(tx, lease, stillFailed, now);
  await advanceRange(tx, lease.runId, record.range, record.counts);
}

function upsertsOf(record: WindowRecord, batches: readonly number[]): ObjectUpsert[] {
  const { queue, skip, overLimit, fail } = record;
  return [
    ...queue.map(({ object, tags }, at) => upsertOf(object, "queued", { tags, batch: batches[at] })),
    ...skip.map(({ object, reason }) => upsertOf(object, "skipped", { reason })),
    ...overLimit.map((object) => upsertOf(object, "over_limit", {})),
    ...fail.map(({ object, code, message }) => upsertOf(object, "failed", { reason: code, message })),
  ];
}

/** Windows have a thousand of these: put together from several objects each takes twenty times as long. */
function upsertOf(
  { key, etag, sizeBytes, lastModified, storageClass }: ListedObject,
  outcome: ObjectUpsert["outcome"],
  more: { tags?: string; batch?: number | undefined; reason?: string; message?: string },
): ObjectUpsert {
  return {
    key,
    etag,
    sizeBytes,
    lastModified,
    storageClass,
    outcome,
    wantedTags: more.tags ?? null,
    wantedBatch: more.batch ?? null,
    reason: more.reason ?? null,
    message: more.message ?? null,
  };
}

async function setSkippedAside(
  tx: Tx,
  context: RunStoreContext,
  record: WindowRecord,
  now: number,
): Promise<void> {
  const keys = record.skip.map(({ object }) => object.key);
  const ids = await documentsOf(tx, context.lease.connectionId, keys);
  const aside = record.skip.flatMap(({ object, reason }) => {
    const id = ids.get(object.key);
    return id === undefined ? [] : [{ id, error: staleSentence(reason) }];
  });
  await context.destination.setAside(tx, aside, now);
  await unlinkGoneDocuments(tx, context.lease.connectionId, [...ids.keys()]);
}

async function failInWindow(
  tx: Tx,
  context: RunStoreContext,
  record: WindowRecord,
  now: number,
): Promise<void> {
  const { lease, settings } = context;
  const place = { connectionId: lease.connectionId, settings };
  const ids = await documentsOf(
    tx,
    lease.connectionId,
    record.fail.map(({ object }) => object.key),
  );
  const failed = record.fail.map(({ object, message }) => {
    const documentId = ids.get(object.key) ?? documentIdFor(lease.connectionId, object.key);
    return failedDocument(place, { object, documentId, tags: "", error: message });
  });
  await context.destination.fail(tx, failed, now);
  await linkDocuments(tx, lease.connectionId, failed);
}

async function retagInWindow(
  tx: Tx,
  context: RunStoreContext,
  record: WindowRecord,
  now: number,
): Promise<void> {
  const { connectionId } = context.lease;
  await context.destination.retag(
    tx,
    record.retag.map(({ documentId, tags }) => ({ id: documentId, tags })),
    now,
  );
  await setStoredTags(
    tx,
    connectionId,
    record.retag.map(({ object, tags }) => ({ key: object.key, tags })),
  );
  await restoreObjects(
    tx,
    connectionId,
    record.retag.map(({ object }) => object.key),
  );
}

async function moveInWindow(tx: Tx, context: RunStoreContext, record: WindowRecord): Promise<void> {
  if (record.move.length === 0) return;
  await context.destination.moveTags(
    tx,
    record.move.map(({ documentId, tags }) => ({ id: documentId, tags })),
  );
  await setStoredTags(
    tx,
    context.lease.connectionId,
    record.move.filter(({ hasText }) => hasText),
  );
}

function changesOf(record: WindowRecord) {
  const plain = { reason: null, stage: null, message: null, attempt: 0, nextTryAt: null };
  return [
    ...record.retag.map(({ object }) => ({ ...plain, key: object.key, kind: "retagged" as const })),
    ...record.fail.map(({ object, code, message }) => ({
      ...plain,
      key: object.key,
      kind: "failed" as const,
      reason: code,
      stage: "list" as const,
      message,
    })),
    ...record.drifted.map(({ key }) => ({
      ...plain,
      key,
      kind: "skipped" as const,
      reason: "drifted",
      stage: "list" as const,
      message: "What is to be done with it does not stand in the plan, or stands there for another version.",
    })),
  ];
}
