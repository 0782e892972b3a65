import { type Actor, tagsOf } from "@/lib/core/actor";
import { notFound, SluiceError } from "@/lib/core/errors";
import type { Tx } from "@/lib/db/database";
import { findDocumentsByReference } from "@/lib/db/sql/document-lists";
import { loadDocumentsWithText } from "./internal";
import type { DocumentWithText } from "./schema";

/**
 * One document with its text, by its id or its custom id, among those the actor may see. Throws `not_found`, or
 * `invalid_input` that lists the ids when several connections brought the same object.
 */
export async function getDocument(args: {
  actor: Actor;
  tx: Tx;
  input: { reference: string };
}): Promise<DocumentWithText> {
  const id = await resolveDocument(args);
  const [document] = await loadDocumentsWithText(args.tx, [id]);
  if (!document) throw notFound("Document");
  return document;
}

/** The id that a reference stands for; throws as `getDocument` does. */
export async function resolveDocument(args: {
  actor: Actor;
  tx: Tx;
  input: { reference: string };
}): Promise<string> {
  const { actor, tx, input } = args;
  const ids = await findDocumentsByReference(tx, { reference: input.reference, allowedTags: tagsOf(actor) });
  const [id] = ids;
  if (id === undefined) throw notFound("Document");
  if (ids.length === 1) return id;
  throw new SluiceError({
    code: "invalid_input",
    effect: "stop",
    message: "This custom ID stands for more than one document",
    details: `Ask for one of them by its id: ${ids.join(", ")}`,
  });
}
