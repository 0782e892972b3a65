"use client";

import type { UseQueryResult } from "@tanstack/react-query";
import { SearchHit } from "@/components/search/search-hit";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { ListSkeleton } from "@/components/ui/list-skeleton";
import { countOf } from "@/lib/rules/format";
import type { SearchAnswer } from "../_client/search-queries";

type SearchResultsProps = { q: string; answer: UseQueryResult<SearchAnswer> };

export function SearchResults({ q, answer }: SearchResultsProps) {
  if (q === "") {
    return <EmptyState title="Ask for any word of your files. Documents with all of the words come first." />;
  }
  if (answer.isPending) return <ListSkeleton label="Searching" rows={4} />;
  if (answer.isError) {
    return (
      <ErrorState
        title="The search did not work"
        message={answer.error.message}
        onRetry={() => answer.refetch()}
      />
    );
  }
  const { results, timingMs } = answer.data;
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="text-sm text-ink-muted tabular-nums">
        {countOf(results.length, "document")} in {Math.max(1, Math.round(timingMs))} ms
      </p>
      {results.length === 0 ? (
        <EmptyState title="Nothing found. Try fewer or other words, or take the tag away." />
      ) : (
        results.map((result) => <SearchHit key={result.documentId} result={result} />)
      )}
    </div>
  );
}
