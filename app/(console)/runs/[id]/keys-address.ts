import type { TallyPartName } from "@/lib/rules/tally-sentence";
import type { RunView } from "@/lib/sync-runs/schema";

/**
 * Where the keys behind a number of a tally are listed; null where nobody lists them. Keys that the run changed are
 * its own; unchanged ones are those that are stored now.
 */
export function keysAddress(name: TallyPartName, run: RunView): string | null {
  if (name === "unchanged") return `/documents?connection=${run.connectionId}&status=done`;
  if (name === "over_limit" || name === "pending") return null;
  if (name === "failed" && run.kind !== "plan") return `/runs/${run.id}#failures`;
  return `/runs/${run.id}?kind=${name}#changes`;
}
