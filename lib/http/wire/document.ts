import { z } from "zod";
import { LIST_LIMIT_DEFAULT, LIST_LIMIT_MAX } from "@/lib/core/limits";
import type { ListDocumentsInput } from "@/lib/documents/list-documents";
import { DOCUMENT_STATUSES, type DocumentView, type DocumentWithText } from "@/lib/documents/schema";
import { metadataFilterSchema } from "@/lib/rules/metadata-filter";
import { tagsFrom, wireTagFields } from "./container-tags";
import { isoTime } from "./sync-run";

/** A number, or its digits as text: the API takes both. */
const count = z.union([z.number(), z.string().regex(/^\d+$/, "must be a number").transform(Number)]);

export const listBody = wireTagFields
  .extend({
    filters: metadataFilterSchema.nullish(),
    includeContent: z.boolean().nullish(),
    limit: count.pipe(z.number().int().min(1).max(LIST_LIMIT_MAX)).nullish(),
    page: count.pipe(z.number().int().min(1).max(1_000_000)).nullish(),
    order: z.enum(["asc", "desc"]).nullish(),
    sort: z.enum(["createdAt", "updatedAt"]).nullish(),
    status: z.enum(DOCUMENT_STATUSES).nullish(),
    connectionId: z.string().max(64).nullish(),
    /** A key, or the beginning of keys when it ends with a slash. */
    filepath: z.string().max(2_048).nullish(),
  })
  .transform((body) => ({ input: listInput(body), withContent: body.includeContent ?? false }));

type ListBody = z.output<typeof wireTagFields> & {
  filters?: ListDocumentsInput["filter"];
  limit?: number | null;
  page?: number | null;
  order?: "asc" | "desc" | null;
  sort?: "createdAt" | "updatedAt" | null;
  status?: DocumentView["status"] | null;
  connectionId?: string | null;
  filepath?: string | null;
};

function listInput(body: ListBody): ListDocumentsInput {
  return {
    containerTags: tagsFrom(body),
    filter: body.filters ?? null,
    limit: body.limit ?? LIST_LIMIT_DEFAULT,
    page: body.page ?? 1,
    order: { by: body.sort ?? "createdAt", direction: body.order ?? "desc" },
    statuses: body.status ? [body.status] : null,
    connectionId: body.connectionId ?? null,
    key: body.filepath ?? null,
  };
}

/** A document in a list. Its failure's reason is an addition to the API. */
export function documentToWire(document: DocumentView) {
  return {
    id: document.id,
    connectionId: document.connectionId,
    containerTags: document.containerTags,
    createdAt: isoTime(document.createdAt),
    customId: document.customId,
    filepath: document.key,
    metadata: document.metadata,
    status: document.status,
    summary: document.summary,
    title: document.title,
    type: document.type,
    updatedAt: isoTime(document.updatedAt),
    url: document.url,
    ...(document.error === null ? {} : { error: document.error }),
  };
}

/** A document in a list that asked for texts; `content` is left out where there is none. */
export function listedWithText(document: DocumentWithText) {
  return { ...documentToWire(document), ...(document.content === null ? {} : { content: document.content }) };
}

/** One document with its text. Whether that is cut is an addition to the API. */
export function documentWithTextToWire(document: DocumentWithText) {
  return {
    ...documentToWire(document),
    content: document.content,
    raw: null,
    ogImage: null,
    source: document.key === null ? "text" : "s3",
    taskType: "superrag",
    dreamingStatus: "done",
    chunkCount: document.chunkCount,
    isCut: document.isCut,
  };
}

/** A row of `connections.listDocuments`. */
export function connectionDocumentToWire(document: DocumentView) {
  const { id, title, summary, status, type, url, connectionId, createdAt, updatedAt, error } =
    documentToWire(document);
  return { id, title, summary, status, type, url, connectionId, createdAt, updatedAt, error };
}
