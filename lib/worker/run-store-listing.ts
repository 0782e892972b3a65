import { endOfPrefix } from "@/lib/core/bytes-order";
import { documentIdFor } from "@/lib/core/ids";
import { MANIFEST_WINDOW_ROWS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { clearMarks, markAbsent, markOutOfPrefix } from "@/lib/db/sql/absence";
import {
  countPlacesTaken,
  documentsOf,
  type ObjectRow,
  type ObjectUpsert,
  readManifestWindow,
  restoreObjects,
  setStoredTags,
  upsertObjects,
} from "@/lib/db/sql/manifest";
import { linkDocuments, unlinkGoneDocuments } from "@/lib/db/sql/outcomes";
import {
  advanceRange,
  countRun,
  createRange,
  listRanges,
  recordChanges,
  resetRanges,
} from "@/lib/db/sql/run-records";
import { readStaged, stageObjects } from "@/lib/db/sql/staged";
import type { ListingRange, ManifestRow, RunStore, WindowRecord } from "@/lib/sync/manifest";
import { failedDocument, staleSentence } from "./document-rows";
import type { RunStoreContext } from "./run-store";

type ListingPart = Pick<
  RunStore,
  | "openRanges"
  | "restartListing"
  | "rememberUnsorted"
  | "countPlacesTaken"
  | "readWindow"
  | "recordWindow"
  | "stageObjects"
  | "readStaged"
  | "closeListing"
>;

/** What listing and comparing need. */
export function listingStore(context: RunStoreContext): ListingPart {
  const { lease, read, write, now } = context;
  return {
    openRanges: () => write((tx) => openRanges(tx, context)),
    restartListing: () =>
      write(async (tx) => {
        await resetRanges(tx, lease.runId);
        await clearMarks(tx, lease, null);
      }),
    rememberUnsorted: () =>
      write(async ({ prisma }) => {
        await prisma.connection.update({
          where: { id: lease.connectionId },
          data: { listingOrder: "unsorted" },
        });
      }),
    countPlacesTaken: () => read((tx) => countPlacesTaken(tx, lease.connectionId)),
    readWindow: (args) => read(async (tx) => (await readManifestWindow(tx, lease, args)).map(manifestRow)),
    recordWindow: (record) => write((tx) => recordWindow(tx, context, record)),
    stageObjects: (objects) => write((tx) => stageObjects(tx, lease.runId, objects)),
    readStaged: (afterKey, countMax) => read((tx) => readStaged(tx, lease.runId, afterKey, countMax)),
    closeListing: async (prefix) => {
      const outside = {
        prefix,
        prefixEnd: endOfPrefix(prefix),
        countMax: MANIFEST_WINDOW_ROWS_MAX,
        now: now(),
      };
      while ((await write((tx) => markOutOfPrefix(tx, lease, outside))) === outside.countMax);
      return write(async (tx) => {
        await tx.prisma.stagedObject.deleteMany({ where: { runId: lease.runId } });
        await tx.prisma.syncRun.update({ where: { id: lease.runId }, data: { listedAt: BigInt(now()) } });
        return { listed: (await countRun(tx, lease.runId)).listed };
      });
    },
  };
}

async function openRanges(tx: Tx, { lease, now }: RunStoreContext): Promise<ListingRange[]> {
  await createRange(tx, lease.runId);
  await tx.prisma.syncRun.updateMany({
    where: { id: lease.runId, listingStartedAt: null },
    data: { listingStartedAt: BigInt(now()) },
  });
  const rows = await listRanges(tx, lease.runId);
  return rows.map((row) => ({
    position: row.position,
    afterKey: row.after_key,
    untilKey: row.until_key,
    cursorKey: row.cursor_key,
    isClosed: row.status === "closed",
  }));
}

function manifestRow(row: ObjectRow): ManifestRow {
  const stored =
    row.stored_etag === null
      ? null
      : {
          etag: row.stored_etag,
          sizeBytes: row.stored_size_bytes ?? 0,
          lastModified: row.stored_modified ?? 0,
          tags: row.stored_tags ?? "",
        };
  return {
    key: row.key,
    stored,
    outcome: row.outcome,
    reason: row.reason,
    seenEtag: row.seen_etag,
    extractorVersion: row.extractor_version,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    isAbsenceKept: row.is_absence_kept === 1,
    documentId: row.document_id,
    isSettledByRun: row.is_settled === 1,
  };
}

/** One transaction: the manifest, the documents that change without a read, the change rows, counts and cursor. */
async function recordWindow(tx: Tx, context: RunStoreContext, record: WindowRecord): Promise<void> {
  const { lease, destination } = context;
  const now = context.now();
  await upsertObjects(tx, lease.connectionId, upsertsOf(record, lease.runId));
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
  await markAbsent(tx, lease, record.absent, now);
  await recordChanges(tx, lease.runId, changesOf(record), now);
  await advanceRange(tx, lease.runId, record.range, record.counts);
}

function upsertsOf(record: WindowRecord, runId: string): ObjectUpsert[] {
  const quiet = { reason: null, message: null, wantedRun: null, wantedTags: null };
  const { queue, skip, overLimit, fail } = record;
  return [
    ...queue.map(
      ({ object, tags }): ObjectUpsert => ({
        ...object,
        ...quiet,
        outcome: "queued",
        seenEtag: null,
        wantedRun: runId,
        wantedTags: tags,
      }),
    ),
    ...skip.map(
      ({ object, reason }): ObjectUpsert => ({
        ...object,
        ...quiet,
        outcome: "skipped",
        reason,
        seenEtag: object.etag,
      }),
    ),
    ...overLimit.map(
      (object): ObjectUpsert => ({ ...object, ...quiet, outcome: "over_limit", seenEtag: object.etag }),
    ),
    ...fail.map(
      ({ object, code, message }): ObjectUpsert => ({
        ...object,
        ...quiet,
        outcome: "failed",
        reason: code,
        message,
        seenEtag: object.etag,
      }),
    ),
  ];
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
  ];
}
