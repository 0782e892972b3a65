import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeaderCell, Row, Table } from "@/components/ui/table";
import type { SessionView } from "@/lib/auth/schema";
import { browserWords } from "./user-agent";

type SessionTableProps = { sessions: readonly SessionView[]; onEnd: (session: SessionView) => void };

/** Where the administrator is signed in. */
export function SessionTable({ sessions, onEnd }: SessionTableProps) {
  return (
    <Table label="Sessions">
      <thead>
        <tr>
          <HeaderCell>Browser</HeaderCell>
          <HeaderCell className="max-sm:hidden">Address</HeaderCell>
          <HeaderCell>Last seen</HeaderCell>
          <HeaderCell className="max-md:hidden">Signed in</HeaderCell>
          <HeaderCell>
            <span className="sr-only">Actions</span>
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <Row key={session.id}>
            <Cell className="w-full max-w-0 truncate font-medium" title={session.userAgent}>
              {browserWords(session.userAgent)}
            </Cell>
            <Cell className="font-mono text-xs text-ink-muted max-sm:hidden">{session.address}</Cell>
            <Cell className="whitespace-nowrap text-ink-muted">
              <RelativeTime at={session.seenAt} />
            </Cell>
            <Cell className="whitespace-nowrap text-ink-muted max-md:hidden">
              <RelativeTime at={session.createdAt} />
            </Cell>
            <Cell className="text-right whitespace-nowrap">
              {session.isCurrent ? (
                <span className="text-xs text-ink-muted">this one</span>
              ) : (
                <Button
                  tone="quiet"
                  size="small"
                  aria-label={`End the session of ${browserWords(session.userAgent)}`}
                  onClick={() => onEnd(session)}
                >
                  End session
                </Button>
              )}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
