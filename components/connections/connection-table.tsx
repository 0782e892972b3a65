import { RefreshCw } from "lucide-react";
import Link from "next/link";
import { FlowStrip } from "@/components/flow-bar/flow-strip";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import { Cell, HeaderCell, Row, rowLinkClasses, Table } from "@/components/ui/table";
import type { ConnectionView } from "@/lib/connections/schema";
import { formatCount } from "@/lib/rules/format";
import { presetOf } from "@/lib/rules/presets";
import { ConnectionBadge } from "./connection-badge";
import { type ConnectionState, connectionName, connectionState, isAtWork } from "./connection-state";
import { ProviderMark } from "./provider-mark";

type ConnectionTableProps = {
  connections: readonly ConnectionView[];
  now: number;
  onSync: (connection: ConnectionView) => void;
};

export function ConnectionTable({ connections, now, onSync }: ConnectionTableProps) {
  return (
    <Table label="Connections">
      <thead>
        <tr>
          <HeaderCell>Bucket</HeaderCell>
          <HeaderCell className="max-sm:hidden">Status</HeaderCell>
          <HeaderCell className="max-md:hidden">Last run</HeaderCell>
          <HeaderCell className="max-lg:hidden">Next run</HeaderCell>
          <HeaderCell className="text-right max-sm:hidden">Documents</HeaderCell>
          <HeaderCell>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <ConnectionRow
            key={connection.id}
            connection={connection}
            now={now}
            onSync={() => onSync(connection)}
          />
        ))}
      </tbody>
    </Table>
  );
}

type ConnectionRowProps = { connection: ConnectionView; now: number; onSync: () => void };

function ConnectionRow({ connection, now, onSync }: ConnectionRowProps) {
  const { lastRun, nextRunAt } = connection;
  const name = connectionName(connection);
  const state = connectionState(connection, now);
  const isPaused = connection.pausedAt !== null;
  return (
    <Row>
      <Cell className="w-full max-w-0 py-2">
        <NameOf connection={connection} state={state} />
      </Cell>
      <Cell className="max-sm:hidden">
        <ConnectionBadge state={state} />
      </Cell>
      <Cell className="whitespace-nowrap text-ink-muted max-md:hidden">
        {lastRun === null ? "Never" : <LastRun connection={connection} />}
      </Cell>
      <Cell className="whitespace-nowrap text-ink-muted max-lg:hidden">
        {isPaused ? "Paused" : nextRunAt === null ? "Manual only" : <RelativeTime at={nextRunAt} />}
      </Cell>
      <Cell className="text-right tabular-nums max-sm:hidden">
        {formatCount(connection.documentCount)}
        {connection.failedCount > 0 && (
          <span className="block text-xs text-attention-ink">
            {formatCount(connection.failedCount)} failed
          </span>
        )}
      </Cell>
      <Cell className="relative z-10 w-px">
        <Button
          tone="quiet"
          size="square"
          isBusy={isAtWork(connection)}
          disabled={isPaused}
          title={isPaused ? "Paused: resume it on its page" : "Sync now"}
          aria-label={`Sync ${name} now`}
          onClick={onSync}
        >
          {!isAtWork(connection) && <RefreshCw aria-hidden />}
        </Button>
      </Cell>
    </Row>
  );
}

function NameOf({ connection, state }: { connection: ConnectionView; state: ConnectionState }) {
  const preset = presetOf(connection.endpoint);
  return (
    <div className="flex min-w-0 items-center gap-3">
      <ProviderMark preset={preset} />
      <div className="min-w-0">
        <Link href={`/connections/${connection.id}`} className={`${rowLinkClasses} block truncate`}>
          {connection.bucket}
          {connection.prefix !== "" && (
            <span className="font-normal text-ink-muted">
              /<ShownText text={connection.prefix} />
            </span>
          )}
        </Link>
        <p className="truncate text-xs text-ink-muted">
          {preset.label}, {connection.region}
          <span className="sm:hidden">, {formatCount(connection.documentCount)} documents</span>
        </p>
        <div className="pt-1.5 sm:hidden">
          <ConnectionBadge state={state} />
        </div>
      </div>
    </div>
  );
}

function LastRun({ connection }: { connection: ConnectionView }) {
  const run = connection.lastRun;
  if (run === null) return null;
  return (
    <div className="flex flex-col gap-1">
      <RelativeTime at={run.completedAt ?? run.startedAt ?? run.queuedAt} />
      <FlowStrip facts={run} />
    </div>
  );
}
