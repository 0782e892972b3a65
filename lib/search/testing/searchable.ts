import { chunkText } from "@/lib/analyze/chunk";
import { tokenize } from "@/lib/analyze/tokens";
import type { Tx } from "@/lib/db/database";
import { replaceTags } from "@/lib/db/sql/document-tags";
import { readSerials } from "@/lib/db/sql/row-numbers";
import { addChunks } from "@/lib/db/testing/add-chunks";
import { temporaryDatabase } from "@/lib/db/testing/temporary-database";
import { type FoundDocument, type SearchInput, searchDocuments } from "../search-documents";

export type SearchableDocument = {
  id: string;
  title?: string;
  text: string;
  tags?: string[];
  metadata?: Record<string, unknown>;
  updatedAt?: number;
};

export type Searchable = {
  add(documents: readonly SearchableDocument[]): Promise<void>;
  find(input: SearchInput): Promise<FoundDocument[]>;
  remove(): Promise<void>;
};

/** A database with documents that a test gives it, and the search over it. */
export function openSearchable(): Searchable {
  const { database, remove } = temporaryDatabase();
  return {
    add: (documents) => database.transaction((tx) => addDocuments(tx, documents)),
    find: (input) => database.reading(({ sql }) => searchDocuments({ sql, input })),
    remove,
  };
}

async function addDocuments({ prisma, sql }: Tx, documents: readonly SearchableDocument[]): Promise<void> {
  await prisma.document.createMany({
    data: documents.map(({ id, title, metadata, updatedAt }) => ({
      id,
      title: title ?? null,
      type: "text",
      status: "done",
      metadata: JSON.stringify(metadata ?? {}),
      createdAt: 0n,
      updatedAt: BigInt(updatedAt ?? 0),
    })),
  });
  await replaceTags(
    { prisma, sql },
    documents.map(({ id, tags = [] }) => ({ id, tags: tags.join(",") })),
  );
  const serials = await readSerials(
    sql,
    documents.map(({ id }) => id),
  );
  await addChunks(
    sql,
    documents.map((added) => ({
      documentSerial: serials.get(added.id) ?? 0,
      titleTokens: tokenize(added.title ?? ""),
      version: 0,
      firstPosition: 0,
      chunks: chunkText(added.text).chunks.map(({ content }) => ({ content, tokens: tokenize(content) })),
    })),
  );
}
