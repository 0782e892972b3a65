import Link from "next/link";
import { ObjectKey } from "@/components/ui/object-key";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import { SizedNumber } from "@/components/ui/sized-number";
import { Cell, HeaderCell, Row, rowLinkClasses, Table } from "@/components/ui/table";
import { Tag } from "@/components/ui/tag";
import type { DocumentView } from "@/lib/documents/schema";
import { DocumentBadge } from "./document-badge";
import { documentName } from "./document-name";

export function DocumentTable({ documents }: { documents: readonly DocumentView[] }) {
  return (
    <Table label="Documents">
      <thead>
        <tr>
          <HeaderCell>Document</HeaderCell>
          <HeaderCell>Status</HeaderCell>
          <HeaderCell className="max-lg:hidden">Tags</HeaderCell>
          <HeaderCell className="text-right max-md:hidden">Size</HeaderCell>
          <HeaderCell className="text-right max-sm:hidden">Updated</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {documents.map((document) => (
          <DocumentRow key={document.id} document={document} />
        ))}
      </tbody>
    </Table>
  );
}

function DocumentRow({ document }: { document: DocumentView }) {
  return (
    <Row>
      <Cell className="w-full max-w-0 py-2">
        <Link href={`/documents/${document.id}`} className={`${rowLinkClasses} block truncate`}>
          <ShownText text={documentName(document)} />
        </Link>
        {document.key !== null && <ObjectKey text={document.key} className="flex" />}
      </Cell>
      <Cell className="max-sm:pr-0">
        <DocumentBadge document={document} />
      </Cell>
      <Cell className="max-w-80 min-w-40 py-2 max-lg:hidden">
        <span className="flex flex-wrap gap-1">
          {document.containerTags.map((tag) => (
            <Tag key={tag} text={tag} />
          ))}
        </span>
      </Cell>
      <Cell className="whitespace-nowrap text-right text-ink-muted max-md:hidden">
        {document.sizeBytes === null ? "—" : <SizedNumber bytes={document.sizeBytes} />}
      </Cell>
      <Cell className="whitespace-nowrap text-right text-ink-muted max-sm:hidden">
        <RelativeTime at={document.updatedAt} />
      </Cell>
    </Row>
  );
}
