"use client";

import { useQuery } from "@tanstack/react-query";
import { connectionName } from "@/components/connections/connection-state";
import { FlowBar } from "@/components/flow-bar/flow-bar";
import { Announcer } from "@/components/frame/announcer";
import { PageHeader } from "@/components/frame/page-header";
import { Section } from "@/components/frame/section";
import { RunBadge } from "@/components/runs/run-badge";
import { RunFacts } from "@/components/runs/run-facts";
import { SkipReasons } from "@/components/runs/skip-reasons";
import { TallyLine } from "@/components/runs/tally-line";
import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import type { ConnectionView } from "@/lib/connections/schema";
import { isOver } from "@/lib/rules/run-status";
import type { TallyPartName } from "@/lib/rules/tally-sentence";
import type { ChangeKind, RunView } from "@/lib/sync-runs/schema";
import { runQuery } from "../../_client/run-queries";
import { useNow } from "../../_client/use-now";
import { RunChanges } from "./run-changes";

type RunScreenProps = {
  initial: RunView;
  connection: ConnectionView;
  kind: ChangeKind | "";
  initialNow: number;
};

export function RunScreen({ initial, connection, kind, initialNow }: RunScreenProps) {
  const { data: run } = useQuery(runQuery(initial));
  const now = useNow(initialNow);
  const wasLive = !isOver(initial.status);
  const isLive = !isOver(run.status);
  return (
    <>
      <PageHeader
        trail={[
          { href: "/connections", label: "Connections" },
          { href: `/connections/${connection.id}`, label: <ShownText text={connectionName(connection)} /> },
        ]}
        title={
          <>
            Sync run, <RelativeTime at={run.startedAt ?? run.queuedAt} />
          </>
        }
        facts={<RunFacts run={run} now={now} />}
        actions={<RunBadge status={run.status} failedCount={run.tally.failed} />}
      />
      <Announcer
        message={wasLive && !isLive ? `This run has ${run.status === "failed" ? "failed" : "ended"}.` : ""}
      />
      {run.error !== null && (
        <Notice tone={run.status === "failed" ? "failed" : "plain"} title="Why it ended">
          {run.error}
        </Notice>
      )}
      <FlowBar facts={run} now={now} />
      <div className="flex flex-col gap-1">
        <TallyLine tally={run.tally} hrefOf={(name) => hrefOf(name, run)} />
        <SkipReasons tally={run.tally} />
      </div>
      <div id="changes" className="scroll-mt-16">
        <Section title="Changes by key">
          <RunChanges runId={run.id} initialKind={kind} isLive={isLive} key={kind} />
        </Section>
      </div>
    </>
  );
}

/** Keys that the run changed are its own; unchanged ones are those that are stored now. */
function hrefOf(name: TallyPartName, run: RunView): string | null {
  if (name === "unchanged") return `/documents?connection=${run.connectionId}&status=done`;
  if (name === "over_limit" || name === "pending") return null;
  return `/runs/${run.id}?kind=${name}#changes`;
}
