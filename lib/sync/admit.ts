import { emptyRecord, type RangeProgress, type WindowCounts, type WindowRecord } from "./manifest";
import type { Change } from "./plan";

/**
 * Free places for new documents. Only the walker of the leading range takes of them, so that they go to new keys in key
 * order, as one walker alone would give them; what the others find is parked until theirs leads.
 */
export type Places = { free: number };

/** The free places, counted when they are first asked for: most runs of a large bucket find nothing new. */
export type CountPlaces = () => Promise<Places>;

export function countPlacesOnce(countFree: () => Promise<number>): CountPlaces {
  let counting: Promise<Places> | null = null;
  return () => {
    counting ??= countFree().then((free) => ({ free }));
    return counting;
  };
}

/** What new keys of a window get of them; a window without a new key needs none. */
export async function placesFor(
  changes: readonly Change[],
  isLeading: boolean,
  countPlaces: CountPlaces,
): Promise<Places> {
  const isAdding = changes.some(({ kind }) => kind === "add");
  return isAdding && isLeading ? countPlaces() : { free: 0 };
}

/**
 * Turns a window's changes into what is written, giving the free places to new keys in key order. New keys beyond
 * them are parked as over the limit; updates have a place already.
 */
export function admitWindow(changes: readonly Change[], places: Places, range: RangeProgress): WindowRecord {
  const record = emptyRecord(range);
  for (const change of changes) admitChange(change, places, record);
  return record;
}

function admitChange(change: Change, places: Places, record: WindowRecord): void {
  if (change.kind === "absent") {
    record.absent.push(change.key);
    return;
  }
  const { counts } = record;
  counts.listed += 1;
  switch (change.kind) {
    case "add":
      admitNew(change, places, record);
      break;
    case "update":
      record.queue.push(change);
      break;
    case "retag":
      record.retag.push(change);
      break;
    case "unchanged":
      counts.unchanged += 1;
      if (change.needsRestore)
        record.restore.push({ key: change.object.key, documentId: change.row.documentId });
      break;
    case "skip":
      countSkip(counts, change.reason);
      if (!change.isKnown) record.skip.push(change);
      if (change.leavesScope) record.absent.push(change.object.key);
      break;
    case "fail":
      record.fail.push(change);
      break;
    case "still_failed":
      record.stillFailed.push(change.object);
      break;
    case "settled":
      break;
    default:
      change satisfies never;
  }
}

function admitNew(change: Extract<Change, { kind: "add" }>, places: Places, record: WindowRecord): void {
  if (places.free > 0) {
    places.free -= 1;
    record.queue.push(change);
    return;
  }
  record.counts.overLimit += 1;
  if (!change.isParked) record.overLimit.push(change.object);
}

function countSkip(counts: WindowCounts, reason: keyof WindowCounts["skipped"]): void {
  counts.skipped[reason] = (counts.skipped[reason] ?? 0) + 1;
}
