import type { ListedObject } from "@/lib/source/source";
import { skipReasonOf } from "./eligibility";
import { joinTags, type Scope, type TagDecision } from "./scope";

/**
 * A window as one text: of each key in order its ETag, size and tags. Where the listing's text equals the manifest's,
 * every object of the window is stored as it is listed, and no row of it need be looked at. Most windows of most runs
 * are so.
 *
 * The signs between fields and rows may stand in a key. A listed key that holds one makes no text, and since equal
 * texts hold as many signs, no stored key of an equal text holds one.
 */
export const DIGEST_FIELD_END = "\x1f";
export const DIGEST_ROW_END = "\x1e";

/** Null when something in the window is not plainly to be stored: then its rows have to be compared one by one. */
export function digestOfListed(objects: readonly ListedObject[], scope: Scope): string | null {
  let text = "";
  let decision: TagDecision | null = null;
  let tags = "";
  for (const object of objects) {
    const { key, etag } = object;
    // Without an ETag versions are told apart by their dates, which the text does not hold.
    if (etag === "" || !scope.isInScope(object) || skipReasonOf(object) !== null) return null;
    if (key.includes(DIGEST_FIELD_END) || key.includes(DIGEST_ROW_END)) return null;
    const present = scope.tagsFor(key);
    if (present !== decision) {
      if (present.outcome !== "tags") return null;
      decision = present;
      tags = joinTags(present.tags);
    }
    text += `${key}\x1f${etag}\x1f${object.sizeBytes}\x1f${tags}\x1e`;
  }
  return text;
}
