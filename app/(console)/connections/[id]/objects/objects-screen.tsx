"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { connectionName } from "@/components/connections/connection-state";
import { PageHeader } from "@/components/frame/page-header";
import { ObjectFilters } from "@/components/objects/object-filters";
import { ObjectTable } from "@/components/objects/object-table";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { ListSkeleton } from "@/components/ui/list-skeleton";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import type { ConnectionView } from "@/lib/connections/schema";
import type { ObjectFilter, ObjectOutcome } from "@/lib/sync-runs/schema";
import { withQuery } from "../../../_client/fetch-json";
import { objectsQuery } from "../../../_client/object-queries";

type ObjectsScreenProps = { connection: ConnectionView; initialFilter: ObjectFilter };

/** The objects of a bucket by what became of them. The filter stands in the address, so that a list can be sent. */
export function ObjectsScreen({ connection, initialFilter }: ObjectsScreenProps) {
  const [filter, setFilter] = useState(initialFilter);
  const choose = (next: ObjectFilter) => {
    setFilter(next);
    window.history.replaceState(null, "", withQuery(window.location.pathname, next));
  };
  return (
    <>
      <PageHeader
        trail={[
          { href: "/connections", label: "Connections" },
          { href: `/connections/${connection.id}`, label: <ShownText text={connectionName(connection)} /> },
        ]}
        title="Objects"
        facts={<Present lastSyncedAt={connection.lastSyncedAt} />}
      />
      <div className="flex min-w-0 flex-col gap-4">
        <ObjectFilters filter={filter} onFilterChange={choose} />
        <ObjectList connectionId={connection.id} filter={filter} />
      </div>
    </>
  );
}

/** Who comes from a run has its numbers in mind, and these may be others. */
function Present({ lastSyncedAt }: Pick<ConnectionView, "lastSyncedAt">) {
  if (lastSyncedAt === null) return "The bucket as far as it has been listed, not as one run saw it.";
  return (
    <>
      The bucket as it was listed last, <RelativeTime at={lastSyncedAt} />, not as an earlier run saw it.
    </>
  );
}

function ObjectList({ connectionId, filter }: { connectionId: string; filter: ObjectFilter }) {
  const query = useInfiniteQuery(objectsQuery(connectionId, filter));
  const objects = query.data?.pages.flatMap((page) => page.objects) ?? [];
  const hasReasons = filter.outcome === "skipped" && filter.reason === null;
  return (
    <>
      {query.isPending && <ListSkeleton label="Objects are on their way" />}
      {query.isError && (
        <ErrorState
          title="The objects could not be listed"
          message={query.error.message}
          onRetry={() => query.refetch()}
        />
      )}
      {query.isSuccess && objects.length === 0 && (
        <EmptyState title={query.hasNextPage ? NONE_SO_FAR : emptyWords(filter)} />
      )}
      {objects.length > 0 && <ObjectTable objects={objects} hasReasons={hasReasons} />}
      {query.hasNextPage && (
        <div>
          <Button isBusy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show more keys
          </Button>
        </div>
      )}
    </>
  );
}

const NONE_SO_FAR = "None among the keys looked at so far.";

const EMPTY_WORDS: Record<ObjectOutcome, string> = {
  stored: "No object is stored now. Each one that Sluice reads is listed here.",
  skipped: "No object is skipped now.",
  over_limit: "No object is over the document limit now.",
};

function emptyWords({ outcome, reason }: ObjectFilter): string {
  return reason === null ? EMPTY_WORDS[outcome] : "No object is skipped for this reason now.";
}
