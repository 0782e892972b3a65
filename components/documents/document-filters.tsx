"use client";

import { Search } from "lucide-react";
import { connectionName } from "@/components/connections/connection-state";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import type { ConnectionView } from "@/lib/connections/schema";
import { DOCUMENT_STATUSES, type DocumentStatus } from "@/lib/documents/schema";
import { DOCUMENT_STATUS_WORDS } from "./document-badge";

/** Empty strings are no filter. */
export type DocumentFilter = { connection: string; status: DocumentStatus | ""; text: string };

type DocumentFiltersProps = {
  filter: DocumentFilter;
  /** Null hides the choice of connection, on the page of one. */
  connections: readonly ConnectionView[] | null;
  onFilterChange: (filter: DocumentFilter) => void;
};

const STATUS_OPTIONS: readonly { value: DocumentStatus | ""; label: string }[] = [
  { value: "", label: "Any status" },
  ...DOCUMENT_STATUSES.map((value) => ({ value, label: DOCUMENT_STATUS_WORDS[value] })),
];

export function DocumentFilters({ filter, connections, onFilterChange }: DocumentFiltersProps) {
  return (
    <search className="flex flex-wrap gap-2">
      <div className="relative min-w-56 flex-1">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-3 size-4 text-ink-muted" />
        <Input
          type="search"
          aria-label="Text in title or key"
          placeholder="Title or key"
          value={filter.text}
          onChange={(event) => onFilterChange({ ...filter, text: event.target.value })}
          className="pl-9"
        />
      </div>
      {connections !== null && (
        <Select
          aria-label="Connection"
          className="w-56 max-sm:w-full"
          value={filter.connection}
          onValueChange={(connection) => onFilterChange({ ...filter, connection })}
          options={[
            { value: "", label: "All connections" },
            ...connections.map((one) => ({ value: one.id, label: connectionName(one) })),
          ]}
        />
      )}
      <Select
        aria-label="Status"
        className="w-40 max-sm:w-full"
        value={filter.status}
        onValueChange={(status) => onFilterChange({ ...filter, status })}
        options={STATUS_OPTIONS}
      />
    </search>
  );
}
