"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DocumentFilter, DocumentFilters } from "@/components/documents/document-filters";
import { DocumentTable } from "@/components/documents/document-table";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { ListSkeleton } from "@/components/ui/list-skeleton";
import { Pager } from "@/components/ui/pager";
import type { ConnectionView } from "@/lib/connections/schema";
import { documentsQuery } from "../_client/document-queries";
import { useDebounced } from "../_client/use-debounced";

const TYPING_MS = 250;
const NO_FILTER: DocumentFilter = { connection: "", status: "", text: "" };

type DocumentListProps = {
  /** The one connection whose documents these are. */
  connectionId?: string;
  /** For the choice of connection, where the list is of all. */
  connections?: readonly ConnectionView[];
  initialFilter?: DocumentFilter;
  onFilterChange?: (filter: DocumentFilter) => void;
};

/** Documents with their filters and pages; on the documents page and in a connection's tabs. */
export function DocumentList(props: DocumentListProps) {
  const { connectionId, connections, initialFilter = NO_FILTER, onFilterChange } = props;
  const [filter, setFilter] = useState(initialFilter);
  const [page, setPage] = useState(1);
  const text = useDebounced(filter.text, TYPING_MS);
  const connection = connectionId ?? filter.connection;
  const { status } = filter;
  const documents = useQuery(documentsQuery({ connection, status, text: text.trim(), page }));

  const choose = (next: DocumentFilter) => {
    setFilter(next);
    setPage(1);
    onFilterChange?.(next);
  };
  const isFiltered = filter.text !== "" || filter.status !== "" || filter.connection !== "";
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <DocumentFilters filter={filter} connections={connections ?? null} onFilterChange={choose} />
      {documents.isPending && <ListSkeleton label="Documents are on their way" />}
      {documents.isError && (
        <ErrorState
          title="The documents could not be listed"
          message={documents.error.message}
          onRetry={() => documents.refetch()}
        />
      )}
      {documents.data && documents.data.documents.length === 0 && page > 1 && (
        <EmptyState
          title="There is nothing on this page any more."
          action={<Button onClick={() => setPage(1)}>Show the first page</Button>}
        />
      )}
      {documents.data && documents.data.documents.length === 0 && page === 1 && (
        <Nothing isFiltered={isFiltered} />
      )}
      {documents.data && documents.data.documents.length > 0 && (
        <div>
          <DocumentTable documents={documents.data.documents} />
          <Pager {...documents.data} noun="documents" onPageChange={setPage} />
        </div>
      )}
    </div>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <EmptyState title="No document matches. Take a filter away to see more." />;
  return (
    <EmptyState title="No documents yet. Each object that Sluice reads becomes one and is listed here." />
  );
}
