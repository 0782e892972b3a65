import Link from "next/link";
import { FlowStrip } from "@/components/flow-bar/flow-strip";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeaderCell, Row, rowLinkClasses, Table } from "@/components/ui/table";
import { formatDuration } from "@/lib/rules/format";
import { tallySummary } from "@/lib/rules/tally-sentence";
import type { RunView } from "@/lib/sync-runs/schema";
import { RunBadge } from "./run-badge";
import { TRIGGER_WORDS } from "./trigger-words";

/** The history of a connection, newest first. */
export function RunTable({ runs, now }: { runs: readonly RunView[]; now: number }) {
  return (
    <Table label="Sync runs">
      <thead>
        <tr>
          <HeaderCell>Started</HeaderCell>
          <HeaderCell className="max-sm:pr-0 max-sm:text-right">Status</HeaderCell>
          <HeaderCell className="max-lg:hidden">Flow</HeaderCell>
          <HeaderCell className="max-sm:hidden">Trigger</HeaderCell>
          <HeaderCell className="text-right max-sm:hidden">Duration</HeaderCell>
          <HeaderCell className="max-md:hidden">Result</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} now={now} />
        ))}
      </tbody>
    </Table>
  );
}

function RunRow({ run, now }: { run: RunView; now: number }) {
  return (
    <Row>
      <Cell className="max-md:w-full max-md:py-2">
        <Link href={`/runs/${run.id}`} className={`${rowLinkClasses} whitespace-nowrap`}>
          <RelativeTime at={run.startedAt ?? run.queuedAt} />
        </Link>
        <p className="text-xs text-ink-muted md:hidden">{run.error ?? resultOf(run)}</p>
      </Cell>
      <Cell className="max-sm:pr-0 max-sm:text-right">
        <RunBadge status={run.status} failedCount={run.tally.failed} />
      </Cell>
      <Cell className="max-lg:hidden">
        <FlowStrip facts={run} />
      </Cell>
      <Cell
        className="whitespace-nowrap text-ink-muted max-sm:hidden"
        title={`Asked for by ${run.requestedBy}`}
      >
        {TRIGGER_WORDS[run.trigger]}
      </Cell>
      <Cell className="whitespace-nowrap text-right text-ink-muted tabular-nums max-sm:hidden">
        {run.startedAt === null ? "—" : formatDuration((run.completedAt ?? now) - run.startedAt)}
      </Cell>
      <Cell className="w-full max-w-0 max-md:hidden">
        <span className="block truncate" title={run.error ?? undefined}>
          {run.error === null ? (
            <span className="text-ink-muted tabular-nums">{resultOf(run)}</span>
          ) : (
            <span className="text-failed-ink">{run.error}</span>
          )}
        </span>
      </Cell>
    </Row>
  );
}

function resultOf(run: RunView): string {
  return run.status === "queued" ? "waits for a worker" : tallySummary(run.tally);
}
