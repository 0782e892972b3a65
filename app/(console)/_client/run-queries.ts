import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { isOver } from "@/lib/rules/run-status";
import type { ChangeKind, RunChangeView, RunView } from "@/lib/sync-runs/schema";
import { BUSY_POLL_MS, pollMs } from "./connection-queries";
import { fetchJson, withQuery } from "./fetch-json";

/** How many keys one answer brings at most; fewer means that there are no more. */
const CHANGES_PER_PAGE = 200;

/** A run that is over does not change any more and is not asked for again. */
export function runQuery(initial: RunView) {
  return queryOptions({
    queryKey: ["runs", initial.id],
    queryFn: ({ signal }) => fetchJson<RunView>(`/api/console/runs/${initial.id}`, signal),
    initialData: initial,
    refetchInterval: ({ state }) =>
      pollMs(state.data ? !isOver(state.data.status) : false, state.error, false),
  });
}

export function runChangesQuery(runId: string, kind: ChangeKind | "", isLive: boolean) {
  return infiniteQueryOptions({
    queryKey: ["runs", runId, "changes", kind],
    queryFn: ({ signal, pageParam }) =>
      fetchJson<RunChangeView[]>(
        withQuery(`/api/console/runs/${runId}/changes`, { kind, after: pageParam }),
        signal,
      ),
    initialPageParam: "",
    getNextPageParam: (page) => (page.length < CHANGES_PER_PAGE ? null : (page.at(-1)?.key ?? null)),
    refetchInterval: isLive ? BUSY_POLL_MS * 3 : false,
  });
}
