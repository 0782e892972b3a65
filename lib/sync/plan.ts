import type { SkipReason } from "@/lib/rules/tally";
import type { ListedObject } from "@/lib/source/source";
import { skipReasonOf } from "./eligibility";
import type { ManifestRow } from "./manifest";
import { joinTags, type Scope } from "./scope";

/** One decision about one key. Nothing has been fetched, stored or removed yet. */
export type Change =
  | { kind: "add"; object: ListedObject; tags: string; isParked: boolean }
  | { kind: "update"; object: ListedObject; tags: string }
  | { kind: "retag"; object: ListedObject; tags: string; documentId: string }
  | { kind: "unchanged"; object: ListedObject; row: ManifestRow; needsRestore: boolean }
  /** `leavesScope`: its document belongs to nobody any more and counts as absent. */
  | { kind: "skip"; object: ListedObject; reason: SkipReason; isKnown: boolean; leavesScope: boolean }
  | { kind: "fail"; object: ListedObject; code: "invalid_container_tag"; message: string }
  | { kind: "still_failed"; object: ListedObject }
  /** Accounted for by what this run did earlier. */
  | { kind: "settled"; object: ListedObject }
  | { kind: "absent"; key: string };

export type PlanFacts = {
  scope: Scope;
  now: number;
  /** Whether what gave no text to an older version of the extractor, which found it to be this, may give some now. */
  canReadNow(detected: string | null, sinceVersion: number): boolean;
  /** Everything eligible is read again, whatever its ETag says. */
  isReread: boolean;
};

/**
 * Compares one window of the listing with the same window of the manifest. Both hold every key of it.
 *
 *   listed  eligible  tag      stored version   earlier failure or skip   change
 *   yes     -         -        none             deleted, same version     skip
 *   yes     no        -        -                -                         skip; what the filters leave out leaves the scope
 *   yes     yes       invalid  -                -                         fail
 *   yes     yes       legal    same             -                         unchanged, or retag when the tags differ
 *   yes     yes       legal    other or none    same version, not due,    skip or still_failed
 *                                               no reader for it since
 *   yes     yes       legal    none             no                        add
 *   yes     yes       legal    other            no                        update
 *   no      -         -        -                -                         absent
 *
 * When everything is read again, no version is the same and no earlier failure or skip counts.
 */
export function planWindow(
  listed: readonly ListedObject[],
  known: readonly ManifestRow[],
  facts: PlanFacts,
): Change[] {
  const rows = new Map(known.map((row) => [row.key, row]));
  const changes = listed.map((object): Change => {
    const row = rows.get(object.key) ?? null;
    rows.delete(object.key);
    return changeForListed(object, row, facts);
  });
  for (const row of rows.values()) {
    const isAskedNoMore = row.isAbsenceKept && row.documentId !== null;
    if (!isAskedNoMore) changes.push({ kind: "absent", key: row.key });
  }
  return changes;
}

function changeForListed(object: ListedObject, row: ManifestRow | null, facts: PlanFacts): Change {
  if (row?.isSettledByRun) return { kind: "settled", object };
  // Ahead of the rules, or a filter that comes and goes would bring it back.
  if (row && !facts.isReread && isStillDeleted(object, row)) {
    return { kind: "skip", object, reason: "deleted_by_person", isKnown: true, leavesScope: false };
  }

  if (!facts.scope.isInScope(object)) return skip(object, "filtered", row);
  const reason = skipReasonOf(object);
  if (reason) return skip(object, reason, row);

  const decision = facts.scope.tagsFor(object.key);
  if (decision.outcome === "no_tag") return skip(object, "no_tag", row);
  if (decision.outcome === "invalid") return invalidTag(object, decision.captured, row);
  const tags = joinTags(decision.tags);

  if (row?.stored && !facts.isReread && isSameVersion(object, row.stored)) {
    if (row.stored.tags !== tags && row.documentId !== null) {
      return { kind: "retag", object, tags, documentId: row.documentId };
    }
    return { kind: "unchanged", object, row, needsRestore: row.outcome !== "stored" || row.isAbsenceKept };
  }
  const carried = row && !facts.isReread && carriedOver(object, row, facts);
  if (carried) return carried;
  // A failed document without text has its place already; one without a legal tag never took one.
  const hasPlace = row?.documentId != null && row.reason !== "invalid_container_tag";
  if (row?.stored || hasPlace) return { kind: "update", object, tags };
  const isParked = row?.outcome === "over_limit" && isSeenVersion(object, row);
  return { kind: "add", object, tags, isParked };
}

/** A store that gives no ETag is compared by date and size. */
function isSameVersion(object: ListedObject, stored: NonNullable<ManifestRow["stored"]>): boolean {
  if (object.sizeBytes !== stored.sizeBytes) return false;
  if (object.etag === "" || stored.etag === "") return object.lastModified === stored.lastModified;
  return object.etag === stored.etag;
}

function isSeenVersion(object: ListedObject, row: ManifestRow): boolean {
  if (row.seenEtag === null || row.seenEtag !== object.etag) return false;
  return object.etag !== "" || row.seenModified === object.lastModified;
}

/** A person deleted its document, and the object has not changed since. */
function isStillDeleted(object: ListedObject, row: ManifestRow): boolean {
  return row.outcome === "skipped" && row.reason === "deleted_by_person" && isSeenVersion(object, row);
}

/** What was seen of this very version earlier, as long as nothing makes a new try worth it. */
function carriedOver(object: ListedObject, row: ManifestRow, facts: PlanFacts): Change | null {
  if (!isSeenVersion(object, row)) return null;
  if (row.outcome === "skipped") return carriedSkip(object, row, facts);
  if (row.outcome !== "failed" || row.reason === "invalid_container_tag") return null;
  // It has returned, and is a listed object like any other from here on.
  if (row.isAbsenceKept) return null;
  if (row.nextTryAt !== null) return row.nextTryAt > facts.now ? { kind: "still_failed", object } : null;
  return facts.canReadNow(row.detected, row.extractorVersion) ? null : { kind: "still_failed", object };
}

function carriedSkip(object: ListedObject, row: ManifestRow, facts: PlanFacts): Change | null {
  const known = { kind: "skip", object, isKnown: !row.isAbsenceKept, leavesScope: false } as const;
  // No listing says when it is restored, so it is asked for again from time to time.
  const isAskedLater = row.nextTryAt !== null && row.nextTryAt > facts.now;
  if (row.reason === "archived" && isAskedLater) return { ...known, reason: "archived" };
  const wasRead = row.reason === "unsupported_type" || row.reason === "empty";
  if (!wasRead || facts.canReadNow(row.detected, row.extractorVersion)) return null;
  return { ...known, reason: row.reason === "empty" ? "empty" : "unsupported_type" };
}

function skip(object: ListedObject, reason: SkipReason, row: ManifestRow | null): Change {
  const isOutOfScope = reason === "no_tag" || reason === "filtered";
  const hasReturned = row?.isAbsenceKept === true && !isOutOfScope;
  const isSeen = row?.outcome === "skipped" && row.reason === reason && isSeenVersion(object, row);
  const isKnown = isSeen && !hasReturned;
  const leavesScope = isOutOfScope && row?.documentId != null && !row.isAbsenceKept;
  return { kind: "skip", object, reason, isKnown, leavesScope };
}

function invalidTag(object: ListedObject, captured: string, row: ManifestRow | null): Change {
  const code = "invalid_container_tag";
  const isKnown = row?.outcome === "failed" && row.reason === code && isSeenVersion(object, row);
  if (isKnown && !row.isAbsenceKept) return { kind: "still_failed", object };
  const what =
    captured === "" ? "captured nothing" : `captured "${captured}", which is not a legal container tag`;
  const message = `The container tag regex ${what}. A tag has 1 to 100 letters, digits, underscores, hyphens or colons.`;
  return { kind: "fail", object, code, message };
}
