import Link from "next/link";
import { ObjectKey } from "@/components/ui/object-key";
import { RelativeTime } from "@/components/ui/relative-time";
import { SizedNumber } from "@/components/ui/sized-number";
import { Cell, HeaderCell, Row, rowLinkClasses, Table } from "@/components/ui/table";
import { skipWords } from "@/lib/rules/tally-sentence";
import type { ObjectView } from "@/lib/sync-runs/schema";

type ObjectTableProps = {
  objects: readonly ObjectView[];
  /** Each one is told with why it is skipped; not where all have the same reason. */
  hasReasons: boolean;
};

/** Objects of a bucket. The row of one that has a document leads to it. */
export function ObjectTable({ objects, hasReasons }: ObjectTableProps) {
  return (
    <Table label="Objects">
      <thead>
        <tr>
          <HeaderCell>Key</HeaderCell>
          {hasReasons && <HeaderCell className="max-md:hidden">Why</HeaderCell>}
          <HeaderCell className="text-right max-sm:pr-0">Size</HeaderCell>
          <HeaderCell className="text-right max-sm:hidden">Last modified</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {objects.map((object) => (
          <ObjectRow key={object.key} object={object} hasReason={hasReasons} />
        ))}
      </tbody>
    </Table>
  );
}

function ObjectRow({ object, hasReason }: { object: ObjectView; hasReason: boolean }) {
  const { key, reason, documentId } = object;
  const words = hasReason && reason !== null ? skipWords(reason) : "";
  return (
    <Row>
      <Cell className="w-full max-w-0">
        {documentId === null ? (
          <ObjectKey text={key} className="flex" />
        ) : (
          <Link href={`/documents/${documentId}`} className={`${rowLinkClasses} block`}>
            <ObjectKey text={key} className="flex" />
          </Link>
        )}
        {words !== "" && <p className="truncate text-xs text-ink-muted md:hidden">{words}</p>}
      </Cell>
      {hasReason && <Cell className="whitespace-nowrap text-ink-muted max-md:hidden">{words}</Cell>}
      <Cell className="whitespace-nowrap text-right text-ink-muted max-sm:pr-0">
        <SizedNumber bytes={object.sizeBytes} />
      </Cell>
      <Cell className="whitespace-nowrap text-right text-ink-muted max-sm:hidden">
        <RelativeTime at={object.lastModified} />
      </Cell>
    </Row>
  );
}
