import { z } from "zod";
import { DOCUMENTS_WITH_TEXT_MAX, SEARCH_LIMIT_DEFAULT, SEARCH_LIMIT_MAX } from "@/lib/core/limits";
import { metadataFilterSchema } from "@/lib/rules/metadata-filter";
import type { SearchResult } from "@/lib/search/schema";
import { tagsFrom, wireTagFields } from "./container-tags";
import { isoTime } from "./sync-run";

const share = z.number().min(0).max(1);

const question = wireTagFields.extend({
  // Of a longer question the first 2,000 characters are asked; it is no error.
  q: z.string().min(1, "is required"),
  limit: z.number().int().min(1).max(SEARCH_LIMIT_MAX).nullish(),
  filters: metadataFilterSchema.nullish(),
});

/** The body of `POST /v3/search`. Options of a language model (`rerank`, `rewriteQuery`) are accepted and change nothing. */
export const searchBody = question
  .extend({
    docId: z.string().max(2_048).nullish(),
    chunkThreshold: share.nullish(),
    documentThreshold: share.nullish(),
    includeFullDocs: z.boolean().nullish(),
    includeSummary: z.boolean().nullish(),
  })
  .transform((body) => ({
    docId: body.docId ?? null,
    withSummary: body.includeSummary ?? false,
    withContent: body.includeFullDocs ?? false,
    input: {
      q: body.q,
      containerTags: tagsFrom(body),
      limit: Math.min(
        body.limit ?? SEARCH_LIMIT_DEFAULT,
        body.includeFullDocs ? DOCUMENTS_WITH_TEXT_MAX : SEARCH_LIMIT_MAX,
      ),
      filter: body.filters ?? null,
      chunkThreshold: body.chunkThreshold ?? 0,
      documentThreshold: body.documentThreshold ?? 0,
    },
  }));

export function searchResultToWire(
  result: SearchResult,
  shown: { withContent: boolean; withSummary: boolean },
) {
  return {
    documentId: result.documentId,
    title: result.title,
    type: result.type,
    score: result.score,
    chunks: result.passages.map(({ content, score, isRelevant }) => ({ content, score, isRelevant })),
    metadata: result.metadata,
    createdAt: isoTime(result.createdAt),
    updatedAt: isoTime(result.updatedAt),
    ...(shown.withSummary ? { summary: result.summary } : {}),
    ...(shown.withContent ? { content: result.content } : {}),
  };
}

/**
 * The body of `POST /v4/search`. Sluice keeps text and no memories, so every result is a passage. The threshold is
 * 0 unless it is sent: the API's own default is made for scores of another kind.
 */
export const passagesBody = question
  .extend({
    threshold: share.nullish(),
    include: z.object({ documents: z.boolean().nullish(), summaries: z.boolean().nullish() }).nullish(),
  })
  .transform((body) => ({
    limit: body.limit ?? SEARCH_LIMIT_DEFAULT,
    withDocuments: body.include?.documents ?? false,
    input: {
      q: body.q,
      containerTags: tagsFrom(body),
      limit: body.limit ?? SEARCH_LIMIT_DEFAULT,
      filter: body.filters ?? null,
      chunkThreshold: body.threshold ?? 0,
      documentThreshold: 0,
    },
  }));

/** Passages of all documents, best first. `memory` repeats the passage for clients that read nothing else. */
export function passagesToWire(results: SearchResult[], shown: { limit: number; withDocuments: boolean }) {
  const passages = results.flatMap((result) => result.passages.map((passage) => ({ result, passage })));
  passages.sort((a, b) => b.passage.score - a.passage.score);
  return passages.slice(0, shown.limit).map(({ result, passage }) => ({
    id: `${result.documentId}:${passage.position}`,
    memory: passage.content,
    chunk: passage.content,
    similarity: passage.score,
    metadata: result.metadata,
    updatedAt: isoTime(result.updatedAt),
    filepath: result.key,
    version: null,
    ...(shown.withDocuments
      ? {
          documents: [
            {
              id: result.documentId,
              title: result.title ?? "",
              type: result.type,
              metadata: result.metadata,
              createdAt: isoTime(result.createdAt),
              updatedAt: isoTime(result.updatedAt),
            },
          ],
        }
      : {}),
  }));
}
