import { Ban, CircleCheck, CircleX, Clock, LoaderCircle, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { RunView } from "@/lib/sync-runs/schema";

type RunBadgeProps = { run: Pick<RunView, "status" | "kind" | "cancelAskedAt" | "tally"> };

/** The state of one run. A completed run in which objects failed says so; in a plan they only would. */
export function RunBadge({ run }: RunBadgeProps) {
  const { status, kind, cancelAskedAt, tally } = run;
  if (status === "running" && cancelAskedAt !== null)
    return <Badge tone="running" icon={LoaderCircle} word="Ending" isTurning />;
  if (status === "running") return <Badge tone="running" icon={LoaderCircle} word="Running" isTurning />;
  if (status === "queued") return <Badge tone="idle" icon={Clock} word="Queued" />;
  if (status === "failed") return <Badge tone="failed" icon={CircleX} word="Failed" />;
  if (status === "canceled") return <Badge tone="idle" icon={Ban} word="Canceled" />;
  if (tally.failed > 0 && kind !== "plan")
    return <Badge tone="attention" icon={TriangleAlert} word="Some failed" />;
  return <Badge tone="good" icon={CircleCheck} word="Completed" />;
}
