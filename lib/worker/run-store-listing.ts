import { endOfPrefix } from "@/lib/core/bytes-order";
import { ABSENT_PIECE_KEYS, ROWS_A_SWEEP_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { clearMarks, markAbsent, nextMarked } from "@/lib/db/sql/absence";
import { hasListed } from "@/lib/db/sql/adoption";
import { readFailedTags } from "@/lib/db/sql/failed-documents";
import { leaveQueue } from "@/lib/db/sql/leave-queue";
import {
  nextDueFailures,
  nextKeys,
  type ObjectRow,
  readManifestRows,
  readManifestWindow,
} from "@/lib/db/sql/manifest";
import { dropDrifted, nextDrifted } from "@/lib/db/sql/plans";
import { cutRange } from "@/lib/db/sql/range-cuts";
import { closeFence, type RunLease } from "@/lib/db/sql/run-fence";
import {
  countListed,
  createRanges,
  dropChanges,
  dropChangesOf,
  listRanges,
  type RangeRow,
  resetRanges,
} from "@/lib/db/sql/run-records";
import { dropStaged, readStaged, stageObjects } from "@/lib/db/sql/staged";
import { readWindowDigest } from "@/lib/db/sql/window-digest";
import { originOf } from "@/lib/rules/object-uri";
import type { ListingRange, ManifestRow } from "@/lib/sync/manifest";
import type { ListingStore } from "@/lib/sync/run-store";
import { DIGEST_FIELD_END, DIGEST_ROW_END } from "@/lib/sync/window-digest";
import { adoptLeftBehind } from "./adopt-left-behind";
import { recordWindow } from "./record-window";
import type { RunStoreContext } from "./run-store";
import { inPieces } from "./run-store-absence";
import { timedWrite } from "./timed-write";

/** What listing and comparing need. */
export function listingStore(context: RunStoreContext): ListingStore {
  const { lease, read, write, now } = context;
  return {
    openRanges: async (cuts) => {
      const isBegun = (await read((tx) => listRanges(tx, lease.runId))).length > 0;
      if (!isBegun) await beginListing(context);
      return write((tx) => openRanges(tx, context, cuts));
    },
    cutRange: async (args) => {
      const row = await write((tx) => cutRange(tx, lease.runId, args));
      return row && rangeOf(row);
    },
    restartListing: () => write((tx) => resetRanges(tx, lease.runId)),
    rememberOrder: (listingOrder) => write((tx) => remember(tx, lease, { listingOrder })),
    rememberCuts: (cuts) => write((tx) => remember(tx, lease, { listingCuts: JSON.stringify(cuts) })),
    readDigest: (args) =>
      read((tx) =>
        readWindowDigest(tx, lease, { ...args, fieldEnd: DIGEST_FIELD_END, rowEnd: DIGEST_ROW_END }),
      ),
    readWindow: (args) => read(async (tx) => (await readManifestWindow(tx, lease, args)).map(manifestRow)),
    readRows: (keys) => read(async (tx) => (await readManifestRows(tx, lease, keys)).map(manifestRow)),
    readFailedTags: async (ids) => (ids.length === 0 ? new Map() : read((tx) => readFailedTags(tx, ids))),
    recordWindow: async (record) => {
      const tookMs = await timedWrite(write, (tx) => recordWindow(tx, context, record));
      if (record.queue.length > 0) context.queue.wake();
      return tookMs;
    },
    nextDueFailures: (afterKey, countMax) =>
      read((tx) => nextDueFailures(tx, lease.connectionId, { afterKey, countMax, now: now() })),
    stageObjects: (objects) => write((tx) => stageObjects(tx, lease.runId, objects)),
    readStaged: (afterKey, countMax) => read((tx) => readStaged(tx, lease.runId, afterKey, countMax)),
    closeListing: async (prefix) => {
      await eachOutOfPrefix(context, prefix, (keys) => write((tx) => markAbsent(tx, lease, keys, now())));
      await dropUnlisted(context);
      // Every range is closed: whoever goes on from here reads none of it.
      while ((await write((tx) => dropStaged(tx, lease.runId, ROWS_A_SWEEP_MAX))) === ROWS_A_SWEEP_MAX);
      return write(async (tx) => {
        await markListed(tx, lease, now());
        return { listed: await countListed(tx, lease.runId) };
      });
    },
    becomeSync: () =>
      write(async ({ prisma }) => {
        await prisma.syncRun.update({ where: { id: lease.runId }, data: { kind: "sync" } });
      }),
    closePartialListing: () => write((tx) => markListed(tx, lease, now())),
  };
}

/** Hands on the manifest's keys before the prefix and behind its end, in key order, a bounded number at a time. */
export async function eachOutOfPrefix(
  { lease, read }: RunStoreContext,
  prefix: string,
  work: (keys: string[]) => Promise<void>,
): Promise<void> {
  const end = endOfPrefix(prefix);
  const outside = [
    { from: "", beforeKey: prefix },
    ...(end === null ? [] : [{ from: end, beforeKey: null }]),
  ];
  for (const { from, beforeKey } of outside) {
    let part = { fromKey: from, isFromIncluded: true, beforeKey, countMax: ABSENT_PIECE_KEYS };
    for (;;) {
      const keys = await read((tx) => nextKeys(tx, lease.connectionId, part));
      const last = keys.at(-1);
      if (last === undefined) break;
      await work(keys);
      part = { ...part, fromKey: last, isFromIncluded: false };
    }
  }
}

export async function markListed({ prisma }: Tx, lease: RunLease, now: number): Promise<void> {
  await prisma.syncRun.update({ where: { id: lease.runId }, data: { listedAt: BigInt(now) } });
}

async function remember(
  { prisma }: Tx,
  lease: RunLease,
  found: { listingOrder: string } | { listingCuts: string },
): Promise<void> {
  await prisma.connection.update({ where: { id: lease.connectionId }, data: found });
}

/**
 * A listing that began anew may not contain what the first one did, and that may be read by then, or be about to be. Of
 * such a key only its absence counts.
 */
async function dropUnlisted({ lease, read, write }: RunStoreContext): Promise<void> {
  await inPieces(
    (afterKey) => read((tx) => nextMarked(tx, lease, { afterKey, countMax: ABSENT_PIECE_KEYS })),
    (keys) =>
      write(async (tx) => {
        // A reader that found its key still queued writes its outcome first, and that goes with the others.
        await closeFence(tx, lease.connectionId);
        await leaveQueue(tx, lease, keys);
        await dropChangesOf(tx, lease.runId, keys);
      }),
  );
}

/** Before a run makes its ranges: it finds nothing of a former listing, and all that is the connection's. */
async function beginListing(context: RunStoreContext): Promise<void> {
  const { lease, settings, read } = context;
  await dropAbandoned(context);
  if (await read((tx) => hasListed(tx, lease.connectionId))) return;
  await adoptLeftBehind(context, {
    connectionId: lease.connectionId,
    origin: originOf(settings),
    prefix: settings.prefix,
    prefixEnd: endOfPrefix(settings.prefix),
  });
}

/**
 * Takes away what a listing left behind that was abandoned: its ranges went first, in one transaction, and without
 * ranges nothing counts. So a worker that ends anywhere in between leaves a run that begins here again. Were the marks
 * dropped before the ranges, the next worker would go on at the old cursors and take the marks that are left for proof;
 * were new ranges made before all marks are gone, keys that the new listing finds unchanged would keep theirs.
 */
async function dropAbandoned({ lease, kind, read, write }: RunStoreContext): Promise<void> {
  await inPieces(
    (afterKey) => read((tx) => nextMarked(tx, lease, { afterKey, countMax: ABSENT_PIECE_KEYS })),
    (keys) => write((tx) => clearMarks(tx, lease, keys)),
  );
  // The lines of a plan are nothing but what was found while listing.
  const countMax = ROWS_A_SWEEP_MAX;
  while (kind === "plan" && (await write((tx) => dropChanges(tx, lease.runId, countMax))) === countMax);
  // What drifted may have no row in the manifest, whose mark would take its line away.
  if (kind !== "apply") return;
  await inPieces(
    (afterKey) => read((tx) => nextDrifted(tx, lease.runId, { afterKey, countMax })),
    (keys) => write((tx) => dropDrifted(tx, lease.runId, keys)),
  );
}

async function openRanges(
  tx: Tx,
  { lease, now }: RunStoreContext,
  cuts: readonly string[],
): Promise<ListingRange[]> {
  const known = await listRanges(tx, lease.runId);
  if (known.length === 0) await createRanges(tx, lease.runId, cuts);
  await tx.prisma.syncRun.updateMany({
    where: { id: lease.runId, listingStartedAt: null },
    data: { listingStartedAt: BigInt(now()) },
  });
  const rows = known.length > 0 ? known : await listRanges(tx, lease.runId);
  return rows.map(rangeOf);
}

function rangeOf(row: RangeRow): ListingRange {
  return {
    position: row.position,
    afterKey: row.after_key,
    untilKey: row.until_key,
    cursorKey: row.cursor_key,
    listed: row.listed,
    isClosed: row.status === "closed",
  };
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
    seenModified: row.seen_modified,
    detected: row.detected,
    extractorVersion: row.extractor_version,
    attempts: row.attempts,
    nextTryAt: row.next_try_at,
    isAbsenceKept: row.is_absence_kept === 1,
    documentId: row.document_id,
    isSettledByRun: row.is_settled === 1,
  };
}
