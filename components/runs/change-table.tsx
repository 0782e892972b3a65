import { ObjectKey } from "@/components/ui/object-key";
import { RelativeTime } from "@/components/ui/relative-time";
import { Cell, HeaderCell, Row, Table } from "@/components/ui/table";
import { skipWords } from "@/lib/rules/tally-sentence";
import type { ChangeKind, RunChangeView } from "@/lib/sync-runs/schema";

export const CHANGE_WORDS: Record<ChangeKind, string> = {
  added: "New",
  updated: "Changed",
  retagged: "Re-tagged",
  removed: "Removed",
  on_hold: "On hold",
  skipped: "Skipped",
  failed: "Failed",
  drifted: "Drifted",
};

/** What a run did, key by key. */
export function ChangeTable({ changes }: { changes: readonly RunChangeView[] }) {
  return (
    <Table label="Changes by key">
      <thead>
        <tr>
          <HeaderCell>Key</HeaderCell>
          <HeaderCell>Change</HeaderCell>
          <HeaderCell className="max-md:hidden">Why</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <Row key={change.key}>
            <Cell className="w-1/2 max-w-0">
              <ObjectKey text={change.key} />
              <p className="truncate text-xs text-ink-muted md:hidden">{whyOf(change)}</p>
            </Cell>
            <Cell className="whitespace-nowrap">{CHANGE_WORDS[change.kind]}</Cell>
            <Cell className="py-2 text-ink-muted wrap-anywhere max-md:hidden">
              {whyOf(change)}
              {change.nextTryAt !== null && (
                <span className="block text-xs">
                  Try {change.attempt} is over; next <RelativeTime at={change.nextTryAt} />
                </span>
              )}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}

function whyOf(change: RunChangeView): string {
  if (change.message !== null) return change.message;
  if (change.reason === null) return "";
  return change.kind === "skipped" ? skipWords(change.reason) : change.reason.replaceAll("_", " ");
}
