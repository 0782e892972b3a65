import { LISTED_TEXT_CHARS_MAX } from "@/lib/core/limits";
import type { Tx } from "@/lib/db/database";
import { parseMetadata } from "@/lib/rules/metadata-filter";
import type { DocumentStatus, DocumentView, DocumentWithText } from "./schema";

/** Documents asked for in one statement: SQLite bounds the values a statement may have. */
const IDS_A_STATEMENT_MAX = 500;

/** Loads documents in the order of `ids`, without their text. */
export async function loadDocuments(tx: Tx, ids: readonly string[]): Promise<DocumentView[]> {
  const views: DocumentView[] = [];
  for (let from = 0; from < ids.length; from += IDS_A_STATEMENT_MAX) {
    const part = ids.slice(from, from + IDS_A_STATEMENT_MAX);
    const rows = await tx.prisma.document.findMany({
      where: { id: { in: part } },
      omit: { content: true },
      include: { tags: { orderBy: { tag: "asc" } } },
    });
    views.push(...inOrder(rows, part).map(documentView));
  }
  return views;
}

/** Texts loaded at once, of at most 5 MB each. */
const TEXTS_A_STATEMENT_MAX = 20;

/** The same with their text, as far as LISTED_TEXT_CHARS_MAX goes; beyond it `content` is null. */
export async function loadDocumentsWithText(tx: Tx, ids: readonly string[]): Promise<DocumentWithText[]> {
  const texts = new Map<string, string>();
  let charsFree = LISTED_TEXT_CHARS_MAX;
  for (let from = 0; from < ids.length && charsFree > 0; from += TEXTS_A_STATEMENT_MAX) {
    const part = ids.slice(from, from + TEXTS_A_STATEMENT_MAX);
    const rows = await tx.prisma.document.findMany({
      where: { id: { in: part } },
      select: { id: true, content: true },
    });
    for (const { id, content } of rows) {
      if (content === null || content.length > charsFree) continue;
      texts.set(id, content);
      charsFree -= content.length;
    }
  }
  const views = await loadDocuments(tx, ids);
  return views.map((view) => ({ ...view, content: texts.get(view.id) ?? null }));
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
