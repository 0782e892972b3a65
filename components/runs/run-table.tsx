import Link from "next/link";
import { FlowStrip } from "@/components/flow-bar/flow-strip";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeaderCell, Row, rowLinkClasses, Table } from "@/components/ui/table";
import { formatDuration } from "@/lib/rules/format";
import { isOver } from "@/lib/rules/run-status";
import { tallySummary } from "@/lib/rules/tally-sentence";
import type { RunView } from "@/lib/sync-runs/schema";
import { flowFacts } from "./flow-facts";
import { KIND_WORDS } from "./kind-words";
import { RunBadge } from "./run-badge";
import { TRIGGER_WORDS } from "./trigger-words";

type RunTableProps = { runs: readonly RunView[]; now: number; onCancel: (run: RunView) => void };

/** The history of a connection, newest first. What has not ended can be canceled. */
export function RunTable({ runs, now, onCancel }: RunTableProps) {
  return (
    <Table label="Sync runs">
      <thead>
        <tr>
          <HeaderCell>Started</HeaderCell>
          <HeaderCell className="max-md:hidden">Kind</HeaderCell>
          <HeaderCell className="max-sm:pr-0 max-sm:text-right">Status</HeaderCell>
          <HeaderCell className="max-lg:hidden">Flow</HeaderCell>
          <HeaderCell className="max-sm:hidden">Trigger</HeaderCell>
          <HeaderCell className="text-right max-sm:hidden">Duration</HeaderCell>
          <HeaderCell className="max-md:hidden">Result</HeaderCell>
          <HeaderCell className="max-md:hidden">
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} now={now} onCancel={onCancel} />
        ))}
      </tbody>
    </Table>
  );
}

type RunRowProps = { run: RunView; now: number; onCancel: RunTableProps["onCancel"] };

function RunRow({ run, now, onCancel }: RunRowProps) {
  return (
    <Row>
      <Cell className="max-md:w-full max-md:py-2">
        <Link href={`/runs/${run.id}`} className={`${rowLinkClasses} whitespace-nowrap`}>
          <RelativeTime at={run.startedAt ?? run.queuedAt} />
        </Link>
        <p className="text-xs text-ink-muted md:hidden">
          {KIND_WORDS[run.kind]}: {run.error ?? resultOf(run)}
        </p>
        <div className="md:hidden">
          <CancelButton run={run} onCancel={onCancel} />
        </div>
      </Cell>
      <Cell className="whitespace-nowrap max-md:hidden">{KIND_WORDS[run.kind]}</Cell>
      <Cell className="max-sm:pr-0 max-sm:text-right">
        <RunBadge run={run} />
      </Cell>
      <Cell className="max-lg:hidden">
        <FlowStrip facts={flowFacts(run)} />
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
            <span className={run.status === "failed" ? "text-failed-ink" : "text-ink-muted"}>
              {run.error}
            </span>
          )}
        </span>
      </Cell>
      <Cell className="w-px max-md:hidden">
        <CancelButton run={run} onCancel={onCancel} />
      </Cell>
    </Row>
  );
}

function CancelButton({ run, onCancel }: Pick<RunRowProps, "run" | "onCancel">) {
  if (isOver(run.status)) return null;
  return (
    <Button
      size="small"
      className="relative z-10 max-md:mt-2"
      isBusy={run.cancelAskedAt !== null}
      aria-label={`Cancel run (${KIND_WORDS[run.kind]})`}
      onClick={() => onCancel(run)}
    >
      Cancel
    </Button>
  );
}

function resultOf(run: RunView): string {
  if (run.status === "queued") return "waits for a worker";
  const summary = tallySummary(run.tally);
  return run.kind === "plan" ? `planned: ${summary}` : summary;
}
