import type { Actor } from "@/lib/core/actor";
import { asSluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { markDeleted } from "@/lib/db/sql/deleted-documents";
import { resolveDocument } from "./get-document";

/** What was named and could not be deleted, and why. */
export type NotDeleted = { reference: string; message: string };

export type DeletedDocuments = {
  ids: string[];
  /** How many of them were there until now: one that is named twice counts once. */
  count: number;
  refused: NotDeleted[];
};

/**
 * Deletes documents by their ids or custom ids, those the actor may see. From this moment they are gone for everybody;
 * a worker removes their rows. One that a connection brought stays away until its object changes.
 */
export async function deleteDocuments(args: {
  actor: Actor;
  tx: Tx;
  input: { references: readonly string[] };
}): Promise<DeletedDocuments> {
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
  return { ids: [...ids], count: await markDeleted(tx, [...ids]), refused };
}
