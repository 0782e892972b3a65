import { type Actor, tagsOf } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import {
  type DocumentOrder,
  type DocumentScope,
  EVERY_DOCUMENT,
  findDocumentIds,
  readMetadata,
} from "@/lib/db/sql/document-lists";
import { type MetadataFilter, matchesFilter, parseMetadata } from "@/lib/rules/metadata-filter";
import { loadDocuments, loadDocumentsWithText } from "./internal";
import type { DocumentPage, DocumentStatus, DocumentView, DocumentWithText } from "./schema";

export type ListDocumentsInput = {
  /** The document has all of these; none is no filter. */
  containerTags?: readonly string[];
  connectionId?: string | null;
  /** Only documents that a connection brought. */
  isConnectedOnly?: boolean;
  statuses?: readonly DocumentStatus[] | null;
  /** Only documents whose object could not be read: without text, or stale. */
  isFailingOnly?: boolean;
  /** The object's key, or the beginning of keys when it ends with a slash. */
  key?: string | null;
  /** Part of the title or of the key. */
  text?: string | null;
  filter?: MetadataFilter | null;
  order?: DocumentOrder;
  /** From 1. */
  page: number;
  limit: number;
};

const NEWEST_FIRST: DocumentOrder = { by: "createdAt", direction: "desc" };

/** One page of the documents the actor may see, without their text. */
export async function listDocuments(args: {
  actor: Actor;
  tx: Tx;
  input: ListDocumentsInput;
}): Promise<DocumentPage> {
  const { ids, total } = await findPage(args);
  const documents: DocumentView[] = await loadDocuments(args.tx, ids);
  return { documents, page: args.input.page, limit: args.input.limit, totalItems: total };
}

/** The same with their text. */
export async function listDocumentsWithText(args: {
  actor: Actor;
  tx: Tx;
  input: ListDocumentsInput;
}): Promise<Omit<DocumentPage, "documents"> & { documents: DocumentWithText[] }> {
  const { ids, total } = await findPage(args);
  const documents = await loadDocumentsWithText(args.tx, ids);
  return { documents, page: args.input.page, limit: args.input.limit, totalItems: total };
}

async function findPage(args: { actor: Actor; tx: Tx; input: ListDocumentsInput }) {
  const { actor, tx, input } = args;
  const scope: DocumentScope = {
    ...EVERY_DOCUMENT,
    tags: input.containerTags ?? [],
    allowedTags: tagsOf(actor),
    connectionId: input.connectionId ?? null,
    isConnectedOnly: input.isConnectedOnly ?? false,
    statuses: input.statuses ?? null,
    isFailingOnly: input.isFailingOnly ?? false,
    key: input.key ?? null,
    text: input.text ?? null,
  };
  const order = input.order ?? NEWEST_FIRST;
  const offset = (input.page - 1) * input.limit;
  const { filter } = input;
  if (!filter) return findDocumentIds(tx, { scope, order, limit: input.limit, offset });

  const all = await readMetadata(tx, { scope, order });
  const matching = all.filter((row) => matchesFilter(parseMetadata(row.metadata), filter));
  return { ids: matching.slice(offset, offset + input.limit).map(({ id }) => id), total: matching.length };
}
