import type { ManifestRow, WindowRecord } from "./manifest";
import type { Change } from "./plan";
import { joinTags, type Scope } from "./scope";

/** Documents of failed objects of which nothing is stored. The manifest does not know their tags. */
export function documentsWithoutText(changes: readonly Change[], known: readonly ManifestRow[]): string[] {
  const rows = new Map(known.map((row) => [row.key, row]));
  return changes.flatMap((change) => {
    if (change.kind !== "update" && change.kind !== "still_failed") return [];
    const row = rows.get(change.object.key);
    return row?.stored === null ? (row.documentId ?? []) : [];
  });
}

/**
 * Documents whose text is not the listed one, because that is yet to be read, cannot be, or holds none: their tags
 * follow the rules all the same. A tag is who may see the document.
 *
 * `failedTags` are the tags of documents without text, by the document's id.
 */
export function planMoves(
  changes: readonly Change[],
  known: readonly ManifestRow[],
  facts: { scope: Scope; failedTags: ReadonlyMap<string, string> },
): WindowRecord["move"] {
  const rows = new Map(known.map((row) => [row.key, row]));
  return changes.flatMap((change) => {
    if (change.kind !== "update" && change.kind !== "still_failed" && change.kind !== "skip") return [];
    const { key } = change.object;
    const row = rows.get(key);
    if (!row || row.documentId === null) return [];
    const present = row.stored?.tags ?? facts.failedTags.get(row.documentId);
    if (present === undefined) return [];
    const decision = facts.scope.tagsFor(key);
    const tags = decision.outcome === "tags" ? joinTags(decision.tags) : present;
    return tags === present ? [] : [{ key, tags, documentId: row.documentId, hasText: row.stored !== null }];
  });
}
