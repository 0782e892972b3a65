import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";
import { type DeletedDocuments, deleteDocuments } from "@/lib/documents/delete-documents";
import { beginToDeleteTagged, countTaggedDocuments, deleteNextTagged } from "@/lib/documents/delete-tagged";
import { resolveDocument } from "@/lib/documents/get-document";

type Args<Input> = { actor: Actor; tx: Tx; input: Input; now: number };

/** Deletes one document. Throws `not_found`, and `invalid_input` when a custom id stands for several. */
export async function deleteDocument(args: Args<{ reference: string }>): Promise<void> {
  const id = await resolveDocument(args);
  await deleteNamed({ ...args, input: { references: [id] } });
}

/** Deletes the documents that are named, as far as they are there, in one transaction. */
export async function deleteNamed(args: Args<{ references: readonly string[] }>): Promise<DeletedDocuments> {
  const deleted = await deleteDocuments(args);
  const [first] = deleted.ids;
  if (first === undefined) return deleted;
  await recordAudit(args.tx, {
    actor: args.actor,
    now: args.now,
    action: "documents.deleted",
    subject: { kind: "document", id: first },
    before: { ids: deleted.ids },
  });
  return deleted;
}

type TaggedArgs = {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: { containerTags: readonly string[] };
  now: number;
};

/**
 * Deletes the documents that have all of these tags, and resolves with how many it is when all of them are gone. They
 * are marked in short transactions; a worker goes on where this process ends in the middle. Throws `forbidden`.
 */
export async function deleteTagged({ actor, read, write, input, now }: TaggedArgs): Promise<number> {
  // Counted ahead: a tag may have a million documents.
  const count = await read((tx) => countTaggedDocuments({ actor, tx, input }));
  if (count === 0) return 0;
  const { id, isThrough } = await write(async (tx) => {
    await recordAudit(tx, {
      actor,
      now,
      action: "documents.deleted",
      subject: { kind: "container_tag", id: input.containerTags.join(",") },
      before: { documents: count },
    });
    return beginToDeleteTagged({ actor, tx, input, now });
  });
  for (let more = !isThrough; more; ) more = await write((tx) => deleteNextTagged(tx, id));
  return count;
}

/** Deletes a tag, which is all documents that have it. Throws `not_found` when there is none. */
export async function deleteContainerTag(
  args: Omit<TaggedArgs, "input"> & { input: { containerTag: string } },
): Promise<number> {
  demandFullAccess(args.actor, "Container tags");
  const count = await deleteTagged({ ...args, input: { containerTags: [args.input.containerTag] } });
  if (count === 0) throw notFound("Container tag");
  return count;
}
