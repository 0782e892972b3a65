import type { SkipReason } from "@/lib/rules/tally";
import type { TallyPartName } from "@/lib/rules/tally-sentence";
import type { RunView } from "@/lib/sync-runs/schema";

type RunOfKeys = Pick<RunView, "id" | "connectionId" | "kind">;

/**
 * Where the keys behind a number of a tally are listed; null where nobody lists them. Keys that the run changed are
 * its own. The others are listed as they are now, on a page that says so.
 *
 *   number                    of a run                 of a plan, which changes nothing
 *   unchanged                 stored now               stored now
 *   skipped                   skipped now              its own: what would newly be skipped
 *   over the limit            over the limit now       nowhere
 *   failed                    the run's failures       its own: what would fail
 *   to read                   nowhere                  nowhere
 *   every other               its own                  its own
 */
export function keysAddress(name: TallyPartName, run: RunOfKeys): string | null {
  const isPlan = run.kind === "plan";
  if (name === "unchanged") return objectsAddress(run, "stored");
  if (name === "pending" || (name === "over_limit" && isPlan)) return null;
  if (name === "over_limit") return objectsAddress(run, "over_limit");
  if (name === "skipped" && !isPlan) return objectsAddress(run, "skipped");
  if (name === "failed" && !isPlan) return `/runs/${run.id}#failures`;
  return ownAddress(run, name);
}

/**
 * The same for objects skipped for one reason. What had vanished is in the manifest no more once the bucket was listed
 * again, and what has drifted from a plan is decided by the next sync: both stand with the run.
 */
export function skippedAddress(reason: SkipReason, run: RunOfKeys): string {
  if (run.kind === "plan" || reason === "vanished" || reason === "drifted") return ownAddress(run, "skipped");
  return `${objectsAddress(run, "skipped")}&reason=${reason}`;
}

const objectsAddress = ({ connectionId }: RunOfKeys, outcome: "stored" | "skipped" | "over_limit") =>
  `/connections/${connectionId}/objects?outcome=${outcome}`;

const ownAddress = ({ id }: RunOfKeys, kind: string) => `/runs/${id}?kind=${kind}#changes`;
