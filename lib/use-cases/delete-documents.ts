import { recordAudit } from "@/lib/audit/record-audit";
import { type Actor, demandFullAccess } from "@/lib/core/actor";
import { notFound } from "@/lib/core/errors";
import type { Database, Tx } from "@/lib/db/database";
import { type DeletedDocuments, deleteDocuments, resolveNamed } from "@/lib/documents/delete-documents";
import { beginToDeleteTagged, countTaggedDocuments, deleteNextTagged } from "@/lib/documents/delete-tagged";
import { resolveDocument } from "@/lib/documents/get-document";

/** Deletes one document. Throws `not_found`, and `invalid_input` when a custom id stands for several. */
export async function deleteDocument(args: {
  actor: Actor;
  tx: Tx;
  input: { reference: string };
  now: number;
}): Promise<void> {
  const id = await resolveDocument(args);
  await deleteResolved({ ...args, input: { ids: [id] } });
}

/** Deletes the documents that are named, as far as they are there, in one transaction. */
export async function deleteNamed(args: {
  actor: Actor;
  read: Database["reading"];
  write: Database["transaction"];
  input: { references: readonly string[] };
  now: number;
}): Promise<DeletedDocuments> {
  const { actor, now, input } = args;
  // Looked up ahead, each by itself: a hundred may be named.
  const named = await args.read((tx) => resolveNamed({ actor, tx, input }));
  if (named.ids.length === 0) return { ...named, count: 0 };
  const { ids } = named;
  const count = await args.write((tx) => deleteResolved({ actor, tx, now, input: { ids } }));
  return { ...named, count };
}

async function deleteResolved(args: {
  actor: Actor;
  tx: Tx;
  input: { ids: readonly string[] };
  now: number;
}): Promise<number> {
  const { ids } = args.input;
  const count = await deleteDocuments(args);
  await recordAudit(args.tx, {
    actor: args.actor,
    now: args.now,
    action: "documents.deleted",
    subject: { kind: "document", id: ids[0] ?? "" },
    before: { ids },
  });
  return count;
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
