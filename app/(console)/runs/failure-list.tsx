"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCw } from "lucide-react";
import { FailureTable } from "@/components/runs/failure-table";
import { Button } from "@/components/ui/button";
import { ButtonLink } from "@/components/ui/button-link";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { ListSkeleton } from "@/components/ui/list-skeleton";
import { KEYS_NAMED_MAX } from "@/lib/core/limits";
import { countOf } from "@/lib/rules/format";
import { type FailuresAt, type FailuresOf, failuresQuery } from "../_client/run-queries";
import { useRetry } from "../_client/use-retry";

type FailureListProps = {
  of: FailuresOf;
  at: FailuresAt;
  /** How many objects of the connection are failed now. */
  failedCount: number;
  /** Nothing of a paused connection runs, so nothing of it is tried again. */
  isPaused: boolean;
  now: number;
};

/** Failures with a way to try one or all again; in a connection's tab and on a run's page. */
export function FailureList({ of, at, failedCount, isPaused, now }: FailureListProps) {
  const query = useInfiniteQuery(failuresQuery(of, at));
  const retry = useRetry(of.connectionId);
  const failures = query.data?.pages.flatMap((page) => page.failures) ?? [];
  const isOfRun = of.runId !== null;
  const keys = isOfRun ? failures.slice(0, KEYS_NAMED_MAX).map(({ key }) => key) : null;
  const count = keys === null ? failedCount : keys.length;
  const busyKey = retry.isPending && retry.variables?.length === 1 ? (retry.variables[0] ?? null) : null;
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {query.isPending && <ListSkeleton label="Failures are on their way" />}
      {query.isError && (
        <ErrorState
          title="The failures could not be listed"
          message={query.error.message}
          onRetry={() => query.refetch()}
        />
      )}
      {query.isSuccess && failures.length === 0 && <Nothing of={of} />}
      {failures.length > 0 && (
        <>
          <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
            <p className="text-sm text-ink-muted">{hintOf(isOfRun, isPaused)}</p>
            <Button
              size="small"
              isBusy={retry.isPending && busyKey === null}
              disabled={isPaused}
              onClick={() => retry.mutate(keys)}
            >
              <RotateCw aria-hidden />
              {isOfRun ? "Try these" : "Try all"} {countOf(count, "object")} again
            </Button>
          </div>
          <FailureTable
            failures={failures}
            now={now}
            busyKey={busyKey}
            onRetry={isPaused ? null : (key) => retry.mutate([key])}
          />
        </>
      )}
      {query.hasNextPage && (
        <div>
          <Button isBusy={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            Show more failures
          </Button>
        </div>
      )}
    </div>
  );
}

function hintOf(isOfRun: boolean, isPaused: boolean): string {
  if (isPaused) return "The connection is paused. Resume it to try these again.";
  if (isOfRun) return "As this run met them. What has been read since is not failed any more.";
  return "What is failed now, whichever run met it.";
}

function Nothing({ of }: { of: FailuresOf }) {
  if (of.runId === null)
    return <EmptyState title="Nothing failed. Objects that could not be read will be listed here." />;
  return (
    <EmptyState
      title="No failure of this run is listed any more."
      action={
        <ButtonLink href={`/connections/${of.connectionId}?tab=failures`}>
          Show the connection's failures
        </ButtonLink>
      }
    >
      The run is older than the keys that runs have changed are kept.
    </EmptyState>
  );
}
