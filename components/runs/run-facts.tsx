import { formatBytes, formatCount, formatDuration } from "@/lib/rules/format";
import type { RunView } from "@/lib/sync-runs/schema";
import { TRIGGER_WORDS } from "./trigger-words";

/** Trigger, who asked, how long, and what it cost in requests, in one line. */
export function RunFacts({ run, now }: { run: RunView; now: number }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 tabular-nums">
      <li>
        {TRIGGER_WORDS[run.trigger]}, asked for by {run.requestedBy}
      </li>
      <li>
        {run.startedAt === null ? "not started" : formatDuration((run.completedAt ?? now) - run.startedAt)}
      </li>
      <li>
        {formatCount(run.listRequests)} LIST and {formatCount(run.getRequests)} GET requests
      </li>
      <li>{formatBytes(run.bytesRead)} read</li>
    </ul>
  );
}
