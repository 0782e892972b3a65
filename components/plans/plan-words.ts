import { countOf } from "@/lib/rules/format";
import type { Tally } from "@/lib/rules/tally";

/** Documents that applying takes out of search. Applying approves removals, so those a sync would hold are among them. */
export function plannedRemovals({ removed, onHold }: Pick<Tally, "removed" | "onHold">): number {
  return removed + onHold;
}

/** The question before a plan is applied. Removals are named on the button, since they are what is lost. */
export function applyQuestion(tally: Tally): {
  description: string;
  confirmLabel: string;
  tone: "danger" | "primary";
} {
  const { added, updated, retagged } = tally;
  const removals = plannedRemovals(tally);
  const documents = countOf(removals, "document");
  const does = [
    ...(added > 0 ? [`${countOf(added, "new object")} read`] : []),
    ...(updated > 0 ? [`${countOf(updated, "changed object")} read again`] : []),
    ...(retagged > 0 ? [`${countOf(retagged, "document")} re-tagged`] : []),
    ...(removals > 0 ? [`${documents} removed from search`] : []),
  ];
  const sum = does.length === 0 ? "It changes nothing." : `${does.join(", ")}.`;
  return {
    description: `${sum} What has changed in the bucket since the plan was made is left to the next sync.`,
    confirmLabel: removals > 0 ? `Apply plan and remove ${documents}` : "Apply plan",
    tone: removals > 0 ? "danger" : "primary",
  };
}
