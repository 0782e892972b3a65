import type { Actor } from "@/lib/core/actor";
import { asSluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { markDeleted } from "@/lib/db/sql/deleted-documents";
import { resolveDocument } from "./get-document";

/** What was named and could not be deleted, and why. */
export type NotDeleted = { reference: string; message: string };

/** Documents by their ids, as far as they were found. */
export type NamedDocuments = { ids: string[]; refused: NotDeleted[] };

export type DeletedDocuments = NamedDocuments & {
  /** How many of them were there until now: one that is named twice counts once. */
  count: number;
};

/** Looks up what is named by ids or custom ids, among the documents that the actor may see. */
export async function resolveNamed(args: {
  actor: Actor;
  tx: Tx;
  input: { references: readonly string[] };
}): Promise<NamedDocuments> {
  const { actor, tx } = args;
  const ids = new Set<string>();
  const refused: NotDeleted[] = [];
  for (const reference of new Set(args.input.references)) {
    try {
      ids.add(await resolveDocument({ actor, tx, input: { reference } }));
    } catch (thrown) {
      const error = asSluiceError(thrown);
      if (error.code !== "not_found" && error.code !== "invalid_input") throw thrown;
      const message = error.details === undefined ? error.message : `${error.message}. ${error.details}`;
      refused.push({ reference, message });
    }
  }
  return { ids: [...ids], refused };
}

/**
 * Deletes documents that were looked up for the actor; resolves with how many were there until now. From this moment
 * they are gone for everybody; a worker removes their rows. One that a connection brought stays away until its object
 * changes.
 */
export function deleteDocuments(args: { tx: Tx; input: { ids: readonly string[] } }): Promise<number> {
  return markDeleted(args.tx, args.input.ids);
}
