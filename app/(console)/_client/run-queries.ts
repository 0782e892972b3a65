import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { isOver, type RunStatus } from "@/lib/rules/run-status";
import type { ChangeKind, FailurePage, PlanView, RunChangeView, RunView } from "@/lib/sync-runs/schema";
import { BUSY_POLL_MS, connectionKeys, pollMs } from "./connection-queries";
import { fetchJson, withQuery } from "./fetch-json";

/** How many keys one answer brings at most; fewer means that there are no more. */
const CHANGES_PER_PAGE = 200;

export const runKeys = { one: (id: string) => ["runs", id] as const };

/** A run that is over does not change any more and is not asked for again. */
export function runQuery(initial: RunView) {
  return queryOptions({
    queryKey: runKeys.one(initial.id),
    queryFn: ({ signal }) => fetchJson<RunView>(`/api/console/runs/${initial.id}`, signal),
    initialData: initial,
    refetchInterval: ({ state }) =>
      pollMs(state.data ? !isOver(state.data.status) : false, state.error, false),
  });
}

/** The run's status is part of the question: when it ends, its changes are asked for once more. */
export function runChangesQuery({ id, status }: RunView, kind: ChangeKind | "") {
  return infiniteQueryOptions({
    queryKey: [...runKeys.one(id), "changes", kind, status],
    queryFn: ({ signal, pageParam }) =>
      fetchJson<RunChangeView[]>(
        withQuery(`/api/console/runs/${id}/changes`, { kind, after: pageParam }),
        signal,
      ),
    placeholderData: (former, query) => (query?.queryKey[3] === kind ? former : undefined),
    initialPageParam: "",
    getNextPageParam: (page) => (page.length < CHANGES_PER_PAGE ? null : (page.at(-1)?.key ?? null)),
    refetchInterval: isOver(status) ? false : BUSY_POLL_MS * 3,
  });
}

/** A plan is asked for again also when it is complete: it expires, and the connection may be changed under it. */
export function planQuery(initial: PlanView) {
  const { id } = initial.run;
  return queryOptions({
    queryKey: [...runKeys.one(id), "plan"],
    queryFn: ({ signal }) => fetchJson<PlanView>(`/api/console/runs/${id}/plan`, signal),
    initialData: initial,
    refetchInterval: ({ state }) => pollMs(state.data ? !isOver(state.data.run.status) : false, state.error),
  });
}

/** Whose failures: those that one run met, or what of a connection is failed now. */
export type FailuresOf = { connectionId: string; runId: string | null };

/** The run that may change failures, and how far it is; null where there was none. */
export type FailuresAt = { id: string; status: RunStatus } | null;

/** Asked for again when that run goes on or another takes its place. What is in sight stays until the answer is there. */
export function failuresQuery({ connectionId, runId }: FailuresOf, at: FailuresAt) {
  const path =
    runId === null
      ? `/api/console/connections/${connectionId}/failures`
      : `/api/console/runs/${runId}/failures`;
  const owner = runId === null ? connectionKeys.one(connectionId) : runKeys.one(runId);
  return infiniteQueryOptions({
    queryKey: [...owner, "failures", at?.id, at?.status],
    queryFn: ({ signal, pageParam }) =>
      fetchJson<FailurePage>(withQuery(path, { afterKey: pageParam }), signal),
    placeholderData: keepPreviousData,
    initialPageParam: "",
    getNextPageParam: (page) => page.nextAfterKey,
    refetchInterval: at === null || isOver(at.status) ? false : BUSY_POLL_MS * 3,
  });
}
