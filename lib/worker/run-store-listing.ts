import { endOfPrefix } from "@/lib/core/bytes-order";
import { MANIFEST_WINDOW_ROWS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { clearMarks, markOutOfPrefix } from "@/lib/db/sql/absence";
import { countPlacesTaken, type ObjectRow, readManifestWindow } from "@/lib/db/sql/manifest";
import { countRun, createRange, listRanges, resetRanges } from "@/lib/db/sql/run-records";
import { readStaged, stageObjects } from "@/lib/db/sql/staged";
import type { ListingRange, ManifestRow, RunStore } from "@/lib/sync/manifest";
import { recordWindow } from "./record-window";
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
