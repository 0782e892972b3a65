"use client";

import { useQuery } from "@tanstack/react-query";
import { FlowBar } from "@/components/flow-bar/flow-bar";
import { Section } from "@/components/frame/section";
import { RunCost } from "@/components/runs/run-cost";
import { SkipReasons } from "@/components/runs/skip-reasons";
import { TallyLine } from "@/components/runs/tally-line";
import type { ConnectionView } from "@/lib/connections/schema";
import { isOver } from "@/lib/rules/run-status";
import type { ChangeKind, RunView } from "@/lib/sync-runs/schema";
import { runQuery } from "../../_client/run-queries";
import { useNow } from "../../_client/use-now";
import { FailureList } from "../failure-list";
import { keysAddress, skippedAddress } from "./keys-address";
import { RunChanges } from "./run-changes";
import { RunHeader } from "./run-header";

type RunScreenProps = {
  initial: RunView;
  connection: ConnectionView;
  kind: ChangeKind | "";
  initialNow: number;
};

/** A run that does something; a plan has a page of its own. */
export function RunScreen({ initial, connection, kind, initialNow }: RunScreenProps) {
  const { data: run } = useQuery(runQuery(initial));
  const now = useNow(initialNow);
  return (
    <>
      <RunHeader run={run} connection={connection} now={now} wasLive={!isOver(initial.status)} />
      <FlowBar facts={run} now={now} />
      <div className="flex flex-col gap-1">
        <TallyLine tally={run.tally} hrefOf={(name) => keysAddress(name, run)} />
        <SkipReasons tally={run.tally} hrefOf={(reason) => skippedAddress(reason, run)} />
      </div>
      <Section title="What it cost">
        <RunCost run={run} />
      </Section>
      {run.tally.failed > 0 && (
        <div id="failures" className="scroll-mt-16">
          <Section title="Failures">
            <FailureList
              of={{ connectionId: run.connectionId, runId: run.id }}
              at={run}
              failedCount={run.tally.failed}
              isPaused={connection.pausedAt !== null}
              now={now}
            />
          </Section>
        </div>
      )}
      <div id="changes" className="scroll-mt-16">
        <Section title="Changes by key">
          <RunChanges run={run} initialKind={kind} key={kind} />
        </Section>
      </div>
    </>
  );
}
