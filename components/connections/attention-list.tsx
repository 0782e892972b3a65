import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button-link";
import { Notice } from "@/components/ui/notice";
import type { ConnectionView } from "@/lib/connections/schema";
import { countOf } from "@/lib/rules/format";
import { connectionName, isRefusal } from "./connection-state";

type AttentionListProps = {
  connections: readonly ConnectionView[];
  /** The banner for a hold, with its buttons. */
  holdOf: (connection: ConnectionView) => ReactNode;
};

/** What needs a person, the most pressing first; one line when nothing does. */
export function AttentionList({ connections, holdOf }: AttentionListProps) {
  const holds = connections.filter((connection) => connection.hold !== null);
  const failedRuns = connections.filter((connection) => connection.lastRun?.status === "failed");
  const failedDocuments = connections.filter(
    (connection) => connection.failedCount > 0 && connection.lastRun?.status !== "failed",
  );
  if (holds.length + failedRuns.length + failedDocuments.length === 0) {
    return (
      <p className="flex items-center gap-2 text-ink-muted">
        <CircleCheck aria-hidden className="size-4 text-good-ink" />
        Nothing needs you. {connections.length === 1 ? "The connection is" : "All connections are"} in order.
      </p>
    );
  }
  return (
    <ul className="flex flex-col gap-2">
      {holds.map((connection) => (
        <li key={`hold-${connection.id}`}>{holdOf(connection)}</li>
      ))}
      {failedRuns.map((connection) => (
        <li key={`run-${connection.id}`}>
          <FailedRun connection={connection} />
        </li>
      ))}
      {failedDocuments.map((connection) => (
        <li key={`documents-${connection.id}`}>
          <Notice
            tone="plain"
            title={`${countOf(connection.failedCount, "object")} of ${connectionName(connection)} could not be read`}
            actions={
              <ButtonLink size="small" href={`/connections/${connection.id}?tab=failures`}>
                Show failures
              </ButtonLink>
            }
          />
        </li>
      ))}
    </ul>
  );
}

function FailedRun({ connection }: { connection: ConnectionView }) {
  const run = connection.lastRun;
  if (run === null) return null;
  const name = connectionName(connection);
  return (
    <Notice
      tone="failed"
      title={isRefusal(run.errorCode) ? `${name} refuses access` : `The last sync of ${name} failed`}
      actions={
        <ButtonLink size="small" href={`/runs/${run.id}`}>
          Show run
        </ButtonLink>
      }
    >
      {run.error}
    </Notice>
  );
}
