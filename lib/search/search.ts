import { type Actor, tagsOf } from "@/lib/core/actor";
import type { Tx } from "@/lib/db/database";
import { type MetadataFilter, parseMetadata } from "@/lib/rules/metadata-filter";
import { highlight } from "./highlight";
import type { SearchResult } from "./schema";
import { type FoundDocument, searchDocuments } from "./search-documents";

export type SearchRequest = {
  q: string;
  /** Documents that have all of these; none is no filter. */
  containerTags: readonly string[];
  limit: number;
  documentId: string | null;
  filter: MetadataFilter | null;
  chunkThreshold: number;
  documentThreshold: number;
  withContent: boolean;
  /** Passages shown of one document. */
  chunksMax?: number;
};

/** The documents that answer a question best, among those the actor may see, best first. */
export async function search(args: { actor: Actor; tx: Tx; input: SearchRequest }): Promise<SearchResult[]> {
  const { actor, tx, input } = args;
  const { containerTags: tags, withContent, ...rest } = input;
  const found = await searchDocuments({
    sql: tx.sql,
    input: { ...rest, tags, allowedTags: tagsOf(actor) },
  });
  const rows = await tx.prisma.document.findMany({
    where: { id: { in: found.map(({ documentId }) => documentId) } },
    omit: { content: !withContent },
    include: { tags: { orderBy: { tag: "asc" } } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  return found.flatMap((document) => {
    const row = byId.get(document.documentId);
    return row ? searchResult(row, document, input.q) : [];
  });
}

type FoundRow = {
  connectionId: string | null;
  objectKey: string | null;
  title: string | null;
  type: string;
  metadata: string;
  summary: string | null;
  content?: string | null;
  tags: { tag: string }[];
  createdAt: bigint;
  updatedAt: bigint;
};

function searchResult(row: FoundRow, found: FoundDocument, q: string): SearchResult {
  return {
    documentId: found.documentId,
    connectionId: row.connectionId,
    key: row.objectKey,
    title: row.title,
    type: row.type,
    metadata: { ...parseMetadata(row.metadata) },
    summary: row.summary,
    content: row.content ?? null,
    containerTags: row.tags.map(({ tag }) => tag),
    createdAt: Number(row.createdAt),
    updatedAt: Number(row.updatedAt),
    score: found.score,
    passages: found.chunks.map((chunk) => ({ ...chunk, marks: highlight(chunk.content, q) })),
  };
}
