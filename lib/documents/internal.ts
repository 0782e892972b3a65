import type { Tx } from "@/lib/db/database";
import { parseMetadata } from "@/lib/rules/metadata-filter";
import type { DocumentStatus, DocumentView, DocumentWithText } from "./schema";

/** Loads documents in the order of `ids`, with their text only when it is asked for. */
export async function loadDocuments(tx: Tx, ids: readonly string[]): Promise<DocumentView[]> {
  const rows = await tx.prisma.document.findMany({
    where: { id: { in: [...ids] } },
    omit: { content: true },
    include: { tags: { orderBy: { tag: "asc" } } },
  });
  return inOrder(rows, ids).map(documentView);
}

export async function loadDocumentsWithText(tx: Tx, ids: readonly string[]): Promise<DocumentWithText[]> {
  const rows = await tx.prisma.document.findMany({
    where: { id: { in: [...ids] } },
    include: { tags: { orderBy: { tag: "asc" } } },
  });
  return inOrder(rows, ids).map((row) => ({ ...documentView(row), content: row.content }));
}

type DocumentRow = Omit<Awaited<ReturnType<Tx["prisma"]["document"]["findUniqueOrThrow"]>>, "content"> & {
  tags: { tag: string }[];
};

function inOrder<Row extends { id: string }>(rows: Row[], ids: readonly string[]): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function documentView(row: DocumentRow): DocumentView {
  return {
    id: row.id,
    connectionId: row.connectionId,
    key: row.objectKey,
    customId: row.customId,
    title: row.title,
    type: row.type,
    status: row.status as DocumentStatus,
    containerTags: row.tags.map(({ tag }) => tag),
    metadata: { ...parseMetadata(row.metadata) },
    summary: row.summary,
    url: row.url,
    sizeBytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    chunkCount: row.chunkCount,
    isCut: row.isCut,
    error: row.error,
    staleSince: row.staleSince === null ? null : Number(row.staleSince),
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
  };
}
