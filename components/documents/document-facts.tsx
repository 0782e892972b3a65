import Link from "next/link";
import { CopyButton } from "@/components/ui/copy-button";
import { type Fact, Facts } from "@/components/ui/facts";
import { RelativeTime } from "@/components/ui/relative-time";
import { ShownText } from "@/components/ui/shown-text";
import { SizedNumber } from "@/components/ui/sized-number";
import { Tag } from "@/components/ui/tag";
import type { DocumentView } from "@/lib/documents/schema";
import { formatCount } from "@/lib/rules/format";
import { DocumentBadge } from "./document-badge";

export function DocumentFacts({ document }: { document: DocumentView }) {
  return <Facts facts={[...originOf(document), ...stateOf(document)]} />;
}

function originOf(document: DocumentView): Fact[] {
  const { key, url, connectionId } = document;
  return [
    ...(key === null ? [] : [{ term: "Key", value: <Copyable text={key} noun="key" /> }]),
    ...(url === null ? [] : [{ term: "Object", value: <Copyable text={url} noun="address" /> }]),
    {
      term: "Comes from",
      value:
        connectionId === null ? (
          "a connection that was removed"
        ) : (
          <Link
            href={`/connections/${connectionId}`}
            className="underline decoration-line-strong underline-offset-4"
          >
            its connection
          </Link>
        ),
    },
    { term: "Document ID", value: <Copyable text={document.id} noun="document ID" /> },
  ];
}

function stateOf(document: DocumentView): Fact[] {
  return [
    { term: "Status", value: <DocumentBadge document={document} /> },
    {
      term: "Container tags",
      value:
        document.containerTags.length === 0 ? (
          "none"
        ) : (
          <span className="flex flex-wrap gap-1">
            {document.containerTags.map((tag) => (
              <Tag key={tag} text={tag} />
            ))}
          </span>
        ),
    },
    { term: "Type", value: document.type },
    ...(document.sizeBytes === null
      ? []
      : [{ term: "Size", value: <SizedNumber bytes={document.sizeBytes} /> }]),
    { term: "Passages", value: formatCount(document.chunkCount) },
    { term: "Updated", value: <RelativeTime at={document.updatedAt} /> },
    { term: "First stored", value: <RelativeTime at={document.createdAt} /> },
  ];
}

function Copyable({ text, noun }: { text: string; noun: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 py-1 font-mono text-xs leading-5 wrap-anywhere">
        <ShownText text={text} />
      </span>
      <CopyButton text={text} noun={noun} isIconOnly />
    </span>
  );
}
