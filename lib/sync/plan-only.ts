import { admitWindow, type Places } from "./admit";
import type { ManifestRow, PlannedChange, PlannedWindow, RangeProgress } from "./manifest";
import type { Change } from "./plan";

/**
 * What a run would do with a window's changes, as lines of a plan. New keys beyond the free places are counted as over
 * the limit, and the first `parkedMax` of them are parked: removals may free places for them. A new skip has a line and
 * is counted by it, unless its document leaves the scope: then the line is the removal's.
 */
export function planOnly(
  changes: readonly Change[],
  known: readonly ManifestRow[],
  window: { places: Places; progress: RangeProgress; parkedMax: number },
): PlannedWindow {
  const range = window.progress;
  const record = admitWindow(changes, window.places, range);
  const { counts } = record;
  const reasons = new Map(known.map(({ key, reason }) => [key, reason]));
  const documents = new Set(known.filter((row) => row.documentId !== null).map(({ key }) => key));
  const updates = new Set(changes.flatMap((change) => (change.kind === "update" ? change.object.key : [])));
  const line = { reason: null, message: null };
  const absent = new Set(record.absent);
  const queued = new Set(record.queue.map(({ object }) => object.key));
  const waiting = changes.flatMap((change) =>
    change.kind === "add" && !queued.has(change.object.key) ? change.object : [],
  );
  const parked = waiting.slice(0, window.parkedMax);
  const skips = record.skip.filter(({ object }) => !absent.has(object.key));
  for (const { reason } of skips) counts.skipped[reason] = (counts.skipped[reason] ?? 0) - 1;
  return {
    range,
    counts,
    changes: [
      ...record.queue.map(({ object }): PlannedChange => {
        const kind = updates.has(object.key) ? "updated" : "added";
        return { ...line, key: object.key, kind, etag: object.etag, sizeBytes: object.sizeBytes };
      }),
      ...parked.map((object): PlannedChange => ({ ...line, ...versionOf(object), kind: "parked" })),
      ...record.retag.map(
        ({ object }): PlannedChange => ({ ...line, ...versionOf(object), kind: "retagged" }),
      ),
      ...record.fail.map(
        ({ object, code, message }): PlannedChange => ({
          ...versionOf(object),
          kind: "failed",
          reason: code,
          message,
        }),
      ),
      ...record.stillFailed.map((object): PlannedChange => {
        const reason = reasons.get(object.key) ?? null;
        return { ...line, ...versionOf(object), kind: "failed", reason };
      }),
      ...skips.map(
        ({ object, reason }): PlannedChange => ({ ...line, ...versionOf(object), kind: "skipped", reason }),
      ),
      ...record.absent
        .filter((key) => documents.has(key))
        .map((key): PlannedChange => ({ ...line, key, kind: "removed", etag: null, sizeBytes: null })),
    ],
  };
}

function versionOf(object: { key: string; etag: string; sizeBytes: number }) {
  return { key: object.key, etag: object.etag, sizeBytes: object.sizeBytes };
}
