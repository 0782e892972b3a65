"use client";

import type { DocumentFilter } from "@/components/documents/document-filters";
import type { ConnectionView } from "@/lib/connections/schema";
import { withQuery } from "../_client/fetch-json";
import { DocumentList } from "./document-list";

type DocumentsScreenProps = { connections: ConnectionView[]; initialFilter: DocumentFilter };

/** Keeps the filter in the address, so that a list can be sent to somebody. */
export function DocumentsScreen({ connections, initialFilter }: DocumentsScreenProps) {
  return (
    <DocumentList
      connections={connections}
      initialFilter={initialFilter}
      onFilterChange={(filter) => window.history.replaceState(null, "", withQuery("/documents", filter))}
    />
  );
}
