"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { HoldBanner } from "@/components/connections/hold-banner";
import { PaceNotices } from "@/components/connections/pace-notices";
import { connectionSnippet } from "@/components/connections/snippets";
import { UseFromCode } from "@/components/connections/use-from-code";
import { Announcer } from "@/components/frame/announcer";
import { Notice } from "@/components/ui/notice";
import { Tabs } from "@/components/ui/tabs";
import type { ConnectionView } from "@/lib/connections/schema";
import type { RunView } from "@/lib/sync-runs/schema";
import { connectionQuery } from "../../_client/connection-queries";
import { useFinishedRuns } from "../../_client/use-finished-runs";
import { useHoldDecision } from "../../_client/use-hold-decision";
import { useNow } from "../../_client/use-now";
import { DocumentList } from "../../documents/document-list";
import { FailureList } from "../../runs/failure-list";
import { ConnectionHeader } from "./connection-header";
import type { ConnectionTab } from "./connection-tabs";
import { RunsTab } from "./runs-tab";
import { SettingsTab } from "./settings-tab";

type ConnectionScreenProps = {
  initial: ConnectionView;
  initialRuns: RunView[];
  initialTab: ConnectionTab;
  initialNow: number;
  origin: string;
};

export function ConnectionScreen({
  initial,
  initialRuns,
  initialTab,
  initialNow,
  origin,
}: ConnectionScreenProps) {
  const { data: connection, error } = useQuery(connectionQuery(initial));
  const [tab, setTab] = useState(initialTab);
  const now = useNow(initialNow);
  const decide = useHoldDecision();
  const message = useFinishedRuns([connection]);

  const choose = (next: ConnectionTab) => {
    setTab(next);
    window.history.replaceState(null, "", next === "runs" ? window.location.pathname : `?tab=${next}`);
  };
  const { lastRun } = connection;
  const codeOf = (language: Parameters<typeof connectionSnippet>[0]) =>
    connectionSnippet(language, { origin, connectionId: connection.id, tags: connection.containerTags });
  return (
    <>
      <ConnectionHeader connection={connection} now={now} />
      <Announcer message={message} />
      <HoldBanner connection={connection} onDecide={(...decided) => decide(connection, ...decided)} />
      <PaceNotices connection={connection} />
      <Warnings lastRunError={lastRun?.status === "failed" ? lastRun.error : null} pollError={error} />
      <Tabs
        label="About this connection"
        value={tab}
        onValueChange={choose}
        tabs={[
          {
            value: "runs",
            label: "Runs",
            content: <RunsTab connectionId={connection.id} initial={initialRuns} now={now} />,
          },
          {
            value: "documents",
            label: "Documents",
            count: connection.documentCount,
            content: <DocumentList connectionId={connection.id} />,
          },
          {
            value: "failures",
            label: "Failures",
            count: connection.failedCount,
            content: (
              <FailureList
                of={{ connectionId: connection.id, runId: null }}
                at={lastRun}
                failedCount={connection.failedCount}
                isPaused={connection.pausedAt !== null}
                now={now}
              />
            ),
          },
          { value: "settings", label: "Settings", content: <SettingsTab connection={connection} /> },
          { value: "code", label: "Use from code", content: <UseFromCode codeOf={codeOf} /> },
        ]}
      />
    </>
  );
}

/** What is wrong with the last run, and with what is shown. */
function Warnings({ lastRunError, pollError }: { lastRunError: string | null; pollError: Error | null }) {
  return (
    <>
      {lastRunError !== null && (
        <Notice tone="failed" title="The last sync failed">
          {lastRunError}
        </Notice>
      )}
      {pollError !== null && (
        <Notice tone="attention" title="What you see may be out of date">
          {pollError.message}
        </Notice>
      )}
    </>
  );
}
