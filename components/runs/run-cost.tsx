import { type Fact, Facts } from "@/components/ui/facts";
import type { RunView } from "@/lib/sync-runs/schema";
import { byteWords, requestWords, stageWords } from "./cost-words";

/** What a run cost: requests, bytes, and where its time went. */
export function RunCost({ run }: { run: RunView }) {
  const stages = stageWords(run);
  const facts: Fact[] = [
    { term: "Requests", value: <span className="tabular-nums">{requestWords(run)}</span> },
    { term: "Bytes", value: <span className="tabular-nums">{byteWords(run)}</span> },
  ];
  if (stages !== null) {
    const hint = "Summed over everything that went on at once, so a stage may be longer than the run.";
    facts.push({
      term: "Time by stage",
      value: (
        <span className="tabular-nums" title={hint}>
          {stages}
        </span>
      ),
    });
  }
  return (
    <div className="max-w-3xl">
      <Facts facts={facts} />
    </div>
  );
}
