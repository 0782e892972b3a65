import { queryOptions } from "@tanstack/react-query";
import { isAtWork } from "@/components/connections/connection-state";
import type { ConnectionView } from "@/lib/connections/schema";
import { isOver } from "@/lib/rules/run-status";
import type { RunView } from "@/lib/sync-runs/schema";
import { ConsoleError, fetchJson } from "./fetch-json";

/** How often is looked while something runs, and while nothing does. */
export const BUSY_POLL_MS = 1_000;
export const QUIET_POLL_MS = 15_000;

/** Often while something runs, seldom otherwise and after an answer that failed; never again after a 404. */
export function pollMs(
  isBusy: boolean,
  error: Error | null,
  quietMs: number | false = QUIET_POLL_MS,
): number | false {
  if (error === null) return isBusy ? BUSY_POLL_MS : quietMs;
  return error instanceof ConsoleError && error.status === 404 ? false : QUIET_POLL_MS;
}

export const connectionKeys = {
  all: ["connections"] as const,
  one: (id: string) => ["connections", id] as const,
  runs: (id: string) => ["connections", id, "runs"] as const,
};

export function connectionsQuery(initial: ConnectionView[]) {
  return queryOptions({
    queryKey: connectionKeys.all,
    queryFn: ({ signal }) => fetchJson<ConnectionView[]>("/api/console/connections", signal),
    initialData: initial,
    refetchInterval: ({ state }) => pollMs(state.data?.some(isAtWork) ?? false, state.error),
  });
}

export function connectionQuery(initial: ConnectionView) {
  return queryOptions({
    queryKey: connectionKeys.one(initial.id),
    queryFn: ({ signal }) => fetchJson<ConnectionView>(`/api/console/connections/${initial.id}`, signal),
    initialData: initial,
    refetchInterval: ({ state }) => pollMs(state.data ? isAtWork(state.data) : false, state.error),
  });
}

/** Asked for whenever its list opens: the runs that the page brought along may be old by then. */
export function connectionRunsQuery(connectionId: string, initial: RunView[]) {
  return queryOptions({
    queryKey: connectionKeys.runs(connectionId),
    queryFn: ({ signal }) => fetchJson<RunView[]>(`/api/console/connections/${connectionId}/runs`, signal),
    initialData: initial,
    refetchOnMount: "always",
    refetchInterval: ({ state }) =>
      pollMs(state.data?.some((run) => !isOver(run.status)) ?? false, state.error),
  });
}
