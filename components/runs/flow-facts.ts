import type { FlowFacts } from "@/lib/rules/flow";
import type { RunView } from "@/lib/sync-runs/schema";

/** A run as its flow bar draws it. A plan counts what would be stored; through its last channels nothing flows. */
export function flowFacts(run: RunView): FlowFacts {
  if (run.kind !== "plan") return run;
  return { ...run, tally: { ...run.tally, added: 0, updated: 0, retagged: 0 } };
}
