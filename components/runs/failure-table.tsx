import { RotateCw } from "lucide-react";
import { Button } from "@/components/ui/button";
import { ObjectKey } from "@/components/ui/object-key";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import { Cell, HeaderCell, Row, Table } from "@/components/ui/table";
import { formatCount } from "@/lib/rules/format";
import { shownText } from "@/lib/rules/key-display";
import type { FailureView } from "@/lib/sync-runs/schema";
import { FAILURE_WORDS, failureStage, nextTry } from "./failure-words";

type FailureTableProps = {
  failures: readonly FailureView[];
  now: number;
  /** Null while nothing can be tried again. */
  onRetry: ((key: string) => void) | null;
  /** The key whose try is being asked for. */
  busyKey: string | null;
};

/** Objects that could not be read: where each one broke, why, and when it is tried again. */
export function FailureTable({ failures, now, onRetry, busyKey }: FailureTableProps) {
  return (
    <Table label="Failures">
      <thead>
        <tr>
          <HeaderCell>Key</HeaderCell>
          <HeaderCell className="max-lg:hidden">Stage</HeaderCell>
          <HeaderCell className="max-md:hidden">What went wrong</HeaderCell>
          <HeaderCell className="text-right max-lg:hidden">Attempt</HeaderCell>
          <HeaderCell className="max-sm:hidden">Next try</HeaderCell>
          <HeaderCell>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {failures.map((failure) => (
          <FailureRow
            key={failure.key}
            failure={failure}
            now={now}
            onRetry={onRetry}
            isBusy={busyKey === failure.key}
          />
        ))}
      </tbody>
    </Table>
  );
}

type FailureRowProps = Pick<FailureTableProps, "now" | "onRetry"> & { failure: FailureView; isBusy: boolean };

function FailureRow({ failure, now, onRetry, isBusy }: FailureRowProps) {
  return (
    <Row>
      <Cell className="w-1/3 max-w-0 py-2 max-md:w-full">
        <ObjectKey text={failure.key} />
        <div className="text-sm md:hidden">
          <Why failure={failure} />
          <p className="text-xs text-ink-muted">
            {failureStage(failure)}, attempt {formatCount(failure.attempt)}
            <span className="sm:hidden">
              , next try: <NextTryTime failure={failure} now={now} />
            </span>
          </p>
        </div>
      </Cell>
      <Cell className="whitespace-nowrap max-lg:hidden">{failureStage(failure)}</Cell>
      <Cell className="py-2 max-md:hidden">
        <Why failure={failure} />
      </Cell>
      <Cell className="text-right tabular-nums max-lg:hidden">{formatCount(failure.attempt)}</Cell>
      <Cell className="whitespace-nowrap text-ink-muted max-sm:hidden">
        <NextTryTime failure={failure} now={now} />
      </Cell>
      <Cell className="w-px max-md:align-top max-md:pt-2">
        <Button
          size="small"
          isBusy={isBusy}
          disabled={onRetry === null}
          aria-label={`Try ${shownText(failure.key)} again`}
          onClick={() => onRetry?.(failure.key)}
        >
          {!isBusy && <RotateCw aria-hidden />}
          Try again
        </Button>
      </Cell>
    </Row>
  );
}

/** The store's own words may be in the message, so it is shown as carefully as a key. */
function Why({ failure }: { failure: FailureView }) {
  return (
    <>
      <p className="font-medium">{FAILURE_WORDS[failure.class]}</p>
      {failure.message !== null && (
        <p className="text-ink-muted wrap-anywhere">
          <ShownText text={failure.message} />
        </p>
      )}
    </>
  );
}

function NextTryTime({ failure, now }: { failure: FailureView; now: number }) {
  const next = nextTry(failure, now);
  if (next.kind === "at") return <RelativeTime at={next.at} />;
  if (next.kind === "next_run") return "with the next run";
  return <span title="When the object, a rule or the way texts are taken out changes">when it changes</span>;
}
