import { type Actor, tagsOf } from "@/lib/core/actor";
import { SluiceError } from "@/lib/core/errors";
import { newId } from "@/lib/core/ids";
import { MARK_PIECE_DOCUMENTS } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { beginTagDeletion, countTagged, markNextTagged } from "@/lib/db/sql/deleted-documents";

/**
 * How many documents have all of these tags. Throws `forbidden` for a key that is confined to other tags: with one of
 * its own among them, all that is meant are documents it may see.
 */
export async function countTaggedDocuments(args: {
  actor: Actor;
  tx: Tx;
  input: { containerTags: readonly string[] };
}): Promise<number> {
  const { containerTags } = args.input;
  demandTags(args.actor, containerTags);
  return countTagged(args.tx, containerTags);
}

/**
 * Begins to delete the documents that have all of these tags, and marks the first of them. What is returned names the
 * deletion for `deleteNextTagged`; a worker goes on with one that nobody brings to its end.
 */
export async function beginToDeleteTagged(args: {
  actor: Actor;
  tx: Tx;
  input: { containerTags: readonly string[] };
  now: number;
}): Promise<{ id: string; isThrough: boolean }> {
  const { containerTags } = args.input;
  demandTags(args.actor, containerTags);
  const id = newId();
  await beginTagDeletion(args.tx, { id, tags: [...new Set(containerTags)], askedAt: args.now });
  return { id, isThrough: !(await deleteNextTagged(args.tx, id)) };
}

/** Marks the next piece; says whether more may follow. */
export function deleteNextTagged(tx: Tx, id: string): Promise<boolean> {
  return markNextTagged(tx, id, MARK_PIECE_DOCUMENTS);
}

function demandTags(actor: Actor, tags: readonly string[]): void {
  const own = tagsOf(actor);
  if (own === null || tags.some((tag) => own.includes(tag))) return;
  throw new SluiceError({
    code: "forbidden",
    effect: "stop",
    message: "Forbidden",
    details: "This API key is confined to other container tags.",
  });
}
