"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CHANGE_WORDS, ChangeTable } from "@/components/runs/change-table";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { ListSkeleton } from "@/components/ui/list-skeleton";
import { Segmented } from "@/components/ui/segmented";
import { isOver } from "@/lib/rules/run-status";
import { CHANGE_KINDS, type ChangeKind, type RunView } from "@/lib/sync-runs/schema";
import { runChangesQuery } from "../../_client/run-queries";

type RunChangesProps = { run: RunView; initialKind: ChangeKind | "" };

const OPTIONS: readonly { value: ChangeKind | "all"; label: string }[] = [
  { value: "all", label: "All" },
  ...CHANGE_KINDS.map((value) => ({ value, label: CHANGE_WORDS[value] })),
];

/** What the run did, or a plan would do, key by key, 200 at a time. */
export function RunChanges({ run, initialKind }: RunChangesProps) {
  const [kind, setKind] = useState(initialKind);
  const query = useInfiniteQuery(runChangesQuery(run, kind));
  const changes = query.data?.pages.flat() ?? [];
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <div className="-mx-4 overflow-x-auto px-4 md:mx-0 md:px-0">
        <Segmented
          label="Kind of change"
          options={OPTIONS}
          value={kind === "" ? "all" : kind}
          onValueChange={(next) => setKind(next === "all" ? "" : next)}
        />
      </div>
      {query.isPending && <ListSkeleton label="Changes are on their way" />}
      {query.isError && (
        <ErrorState
          title="The changes could not be listed"
          message={query.error.message}
          onRetry={() => query.refetch()}
        />
      )}
      {query.isSuccess && changes.length === 0 && <EmptyState title={emptyWords(kind, run)} />}
      {changes.length > 0 && <ChangeTable changes={changes} />}
      {query.hasNextPage && (
        <div>
          <Button isBusy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show more keys
          </Button>
        </div>
      )}
    </div>
  );
}

function emptyWords(kind: ChangeKind | "", run: RunView): string {
  if (!isOver(run.status)) return "No key yet. Each one that changes is listed here as the run goes on.";
  if (run.kind === "plan" && kind === "skipped")
    return "No object would newly be skipped. Those that were skipped before are the connection's skipped objects.";
  if (kind !== "") return "No key of this kind, unless the run is older than changes are kept.";
  if (run.kind === "plan") return "A sync would change nothing.";
  return "This run changed nothing. The numbers above lead to the keys that are unchanged or skipped, as they are now.";
}
