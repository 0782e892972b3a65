"use client";

import { useQuery } from "@tanstack/react-query";
import { RunTable } from "@/components/runs/run-table";
import { EmptyState } from "@/components/ui/empty-state";
import type { RunView } from "@/lib/sync-runs/schema";
import { connectionRunsQuery } from "../../_client/connection-queries";
import { useCancelRun } from "../../_client/use-cancel-run";

type RunsTabProps = { connectionId: string; initial: RunView[]; now: number };

export function RunsTab({ connectionId, initial, now }: RunsTabProps) {
  const { data: runs } = useQuery(connectionRunsQuery(connectionId, initial));
  const cancel = useCancelRun();
  if (runs.length === 0) {
    return <EmptyState title="No run yet. Each sync of this bucket will be listed here with what it did." />;
  }
  return <RunTable runs={runs} now={now} onCancel={(run) => cancel.mutate(run)} />;
}
