import { Ban, CircleCheck, CircleX, Clock, LoaderCircle, TriangleAlert } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { RunStatus } from "@/lib/rules/run-status";

/** The state of one run. A completed run in which objects failed says so. */
export function RunBadge({ status, failedCount }: { status: RunStatus; failedCount: number }) {
  if (status === "running") return <Badge tone="running" icon={LoaderCircle} word="Running" isTurning />;
  if (status === "queued") return <Badge tone="idle" icon={Clock} word="Queued" />;
  if (status === "failed") return <Badge tone="failed" icon={CircleX} word="Failed" />;
  if (status === "canceled") return <Badge tone="idle" icon={Ban} word="Canceled" />;
  if (failedCount > 0) return <Badge tone="attention" icon={TriangleAlert} word="Some failed" />;
  return <Badge tone="good" icon={CircleCheck} word="Completed" />;
}
