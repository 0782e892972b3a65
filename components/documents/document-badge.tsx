import { CircleCheck, CircleX, Clock, History, LoaderCircle } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import type { DocumentStatus, DocumentView } from "@/lib/documents/schema";

const WORDS: Record<DocumentStatus, string> = {
  queued: "Queued",
  extracting: "Extracting",
  chunking: "Chunking",
  indexing: "Indexing",
  done: "Stored",
  failed: "Failed",
};

export const DOCUMENT_STATUS_WORDS = WORDS;

/** A stale document is stored, but a newer version of its object could not be read. */
export function DocumentBadge({ document }: { document: Pick<DocumentView, "status" | "staleSince"> }) {
  const { status, staleSince } = document;
  if (staleSince !== null) return <Badge tone="attention" icon={History} word="Stale" />;
  if (status === "done") return <Badge tone="good" icon={CircleCheck} word={WORDS.done} />;
  if (status === "failed") return <Badge tone="failed" icon={CircleX} word={WORDS.failed} />;
  if (status === "queued") return <Badge tone="idle" icon={Clock} word={WORDS.queued} />;
  return <Badge tone="running" icon={LoaderCircle} word={WORDS[status]} isTurning />;
}
