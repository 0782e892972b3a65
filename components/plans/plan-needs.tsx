import { neededWords } from "@/components/runs/cost-words";
import { type Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import { SizedNumber } from "@/components/ui/sized-number";
import type { PlanView } from "@/lib/sync-runs/schema";

/** What applying a plan costs, and how long it can be done. Nothing before the plan is complete. */
export function PlanNeeds({ plan }: { plan: PlanView }) {
  const { cost, expiresAt, problem } = plan;
  if (cost === null) return null;
  const facts: Fact[] = [
    { term: "To read", value: <SizedNumber bytes={cost.bytesToRead} /> },
    { term: "Requests", value: <span className="tabular-nums">{neededWords(cost.requests)}</span> },
  ];
  if (expiresAt !== null && problem === null) {
    facts.push({ term: "Can be applied until", value: <RelativeTime at={expiresAt} /> });
  }
  return (
    <div className="max-w-3xl">
      <Facts facts={facts} />
    </div>
  );
}
