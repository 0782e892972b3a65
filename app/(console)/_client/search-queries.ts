import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { SearchResult } from "@/lib/search/schema";
import { fetchJson, withQuery } from "./fetch-json";

export type SearchAnswer = { results: SearchResult[]; timingMs: number };

export function searchQuery(question: { q: string; tag: string }) {
  return queryOptions({
    queryKey: ["search", question],
    queryFn: ({ signal }) => fetchJson<SearchAnswer>(withQuery("/api/console/search", question), signal),
    enabled: question.q !== "",
    placeholderData: keepPreviousData,
  });
}
