"use client";

import { X } from "lucide-react";
import type { ReactNode } from "react";
import { connectionName } from "@/components/connections/connection-state";
import { Announcer } from "@/components/frame/announcer";
import { PageHeader } from "@/components/frame/page-header";
import { KIND_TITLES } from "@/components/runs/kind-words";
import { RunBadge } from "@/components/runs/run-badge";
import { RunFacts } from "@/components/runs/run-facts";
import { RunNotices } from "@/components/runs/run-notices";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import type { ConnectionView } from "@/lib/connections/schema";
import { isOver } from "@/lib/rules/run-status";
import type { RunView } from "@/lib/sync-runs/schema";
import { useCancelRun } from "../../_client/use-cancel-run";

type RunHeaderProps = {
  run: RunView;
  connection: ConnectionView;
  now: number;
  /** The run had not ended when the page was opened. */
  wasLive: boolean;
  /** What can be done with it once it is over. */
  actions?: ReactNode;
};

/** What every run's page begins with: its kind, its state, how to end it, and why it ended. */
export function RunHeader({ run, connection, now, wasLive, actions }: RunHeaderProps) {
  const cancel = useCancelRun();
  const isLive = !isOver(run.status);
  const isEnding = cancel.isPending || run.cancelAskedAt !== null;
  return (
    <>
      <PageHeader
        trail={[
          { href: "/connections", label: "Connections" },
          { href: `/connections/${connection.id}`, label: <ShownText text={connectionName(connection)} /> },
        ]}
        title={
          <>
            {KIND_TITLES[run.kind]}, <RelativeTime at={run.startedAt ?? run.queuedAt} />
          </>
        }
        facts={<RunFacts run={run} now={now} />}
        actions={
          <>
            <RunBadge run={run} />
            {isLive && (
              <Button isBusy={isEnding} onClick={() => cancel.mutate(run)}>
                {!isEnding && <X aria-hidden />}
                Cancel run
              </Button>
            )}
            {actions}
          </>
        }
      />
      <Announcer
        message={wasLive && !isLive ? `This run has ${run.status === "failed" ? "failed" : "ended"}.` : ""}
      />
      <RunNotices run={run} />
    </>
  );
}
