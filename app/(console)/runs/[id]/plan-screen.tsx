"use client";

import { useQuery } from "@tanstack/react-query";
import { Check, ScanSearch } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { FlowBar } from "@/components/flow-bar/flow-bar";
import { Section } from "@/components/frame/section";
import { ApplyDialog } from "@/components/plans/apply-dialog";
import { PlanNeeds } from "@/components/plans/plan-needs";
import { flowFacts } from "@/components/runs/flow-facts";
import { RunCost } from "@/components/runs/run-cost";
import { SkipReasons } from "@/components/runs/skip-reasons";
import { TallyLine } from "@/components/runs/tally-line";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import type { ConnectionView } from "@/lib/connections/schema";
import { isOver } from "@/lib/rules/run-status";
import type { ChangeKind, PlanView } from "@/lib/sync-runs/schema";
import { planQuery } from "../../_client/run-queries";
import { useDryRun } from "../../_client/use-dry-run";
import { useNow } from "../../_client/use-now";
import { useRunRequest } from "../../_client/use-run-request";
import { keysAddress, skippedAddress } from "./keys-address";
import { RunChanges } from "./run-changes";
import { RunHeader } from "./run-header";

type PlanScreenProps = {
  initial: PlanView;
  connection: ConnectionView;
  kind: ChangeKind | "";
  initialNow: number;
};

/** What a sync would do, and the button that does exactly that. */
export function PlanScreen({ initial, connection, kind, initialNow }: PlanScreenProps) {
  const { data: plan } = useQuery(planQuery(initial));
  const now = useNow(initialNow);
  const { run } = plan;
  const isLive = !isOver(run.status);
  return (
    <>
      <RunHeader
        run={run}
        connection={connection}
        now={now}
        wasLive={!isOver(initial.run.status)}
        actions={plan.problem === null && <ApplyButton plan={plan} />}
      />
      {!isLive && plan.problem !== null && <NotApplicable plan={plan} />}
      <FlowBar facts={flowFacts(run)} now={now} />
      <Section
        title={isLive ? "What a sync would do, so far" : "What a sync would do"}
        hint="Nothing has been done: the bucket was listed and compared."
      >
        <div className="flex flex-col gap-1">
          <TallyLine tally={run.tally} hrefOf={(name) => keysAddress(name, run)} />
          <SkipReasons tally={run.tally} hrefOf={(reason) => skippedAddress(reason, run)} />
        </div>
      </Section>
      {plan.cost !== null && (
        <Section title="What applying it needs">
          <PlanNeeds plan={plan} />
        </Section>
      )}
      <div id="changes" className="scroll-mt-16">
        <Section title="Keys by change">
          <RunChanges run={run} initialKind={kind} key={kind} />
        </Section>
      </div>
      <Section title="What looking cost">
        <RunCost run={run} />
      </Section>
    </>
  );
}

function ApplyButton({ plan }: { plan: PlanView }) {
  const [isAsking, setAsking] = useState(false);
  const request = useRunRequest();
  const router = useRouter();
  const { run } = plan;
  const apply = async () => {
    const answer = await request(run.connectionId, { kind: "apply", planRunId: run.id });
    if (!answer.ok) return answer.message;
    if (answer.value.run !== null) router.push(`/runs/${answer.value.run.runId}`);
    return null;
  };
  return (
    <>
      <Button tone="primary" onClick={() => setAsking(true)}>
        <Check aria-hidden />
        Apply this plan…
      </Button>
      <ApplyDialog tally={run.tally} isOpen={isAsking} onOpenChange={setAsking} onApply={apply} />
    </>
  );
}

function NotApplicable({ plan }: { plan: PlanView }) {
  const [isBusy, setBusy] = useState(false);
  const startDryRun = useDryRun();
  const renew = async () => {
    setBusy(true);
    await startDryRun(plan.run.connectionId);
    setBusy(false);
  };
  return (
    <Notice
      tone="attention"
      title="This plan cannot be applied"
      actions={
        <Button size="small" isBusy={isBusy} onClick={renew}>
          {!isBusy && <ScanSearch aria-hidden />}
          Dry run again
        </Button>
      }
    >
      {plan.problem}
    </Notice>
  );
}
