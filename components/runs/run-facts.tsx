import Link from "next/link";
import { formatDuration } from "@/lib/rules/format";
import type { RunView } from "@/lib/sync-runs/schema";
import { TRIGGER_WORDS } from "./trigger-words";

/** Trigger, who asked, how long, and the plan that it applies, in one line. */
export function RunFacts({ run, now }: { run: RunView; now: number }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 tabular-nums">
      <li>
        {TRIGGER_WORDS[run.trigger]}, asked for by {run.requestedBy}
      </li>
      <li>
        {run.startedAt === null ? "not started" : formatDuration((run.completedAt ?? now) - run.startedAt)}
      </li>
      {run.planRunId !== null && (
        <li>
          <Link
            href={`/runs/${run.planRunId}`}
            className="underline decoration-line-strong underline-offset-4"
          >
            The dry run it applies
          </Link>
        </li>
      )}
    </ul>
  );
}
