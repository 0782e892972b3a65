import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import { isOver } from "@/lib/rules/run-status";
import type { RunView } from "@/lib/sync-runs/schema";

const TITLES: Partial<Record<RunView["status"], string>> = {
  failed: "Why it failed",
  canceled: "Why it was canceled",
};

/** Why a run ended before its end, or that it is about to. */
export function RunNotices({ run }: { run: RunView }) {
  if (!isOver(run.status) && run.cancelAskedAt !== null) {
    return (
      <Notice
        tone="plain"
        title={
          <>
            Its end was asked for, <RelativeTime at={run.cancelAskedAt} />
          </>
        }
      >
        It stops within about two seconds. What it has done stays, and the next run goes on from there.
      </Notice>
    );
  }
  if (run.error === null) return null;
  return (
    <Notice tone={run.status === "failed" ? "failed" : "plain"} title={TITLES[run.status] ?? "Why it ended"}>
      {run.error}
    </Notice>
  );
}
