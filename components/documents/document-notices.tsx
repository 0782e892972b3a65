import { Notice } from "@/components/ui/notice";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DocumentView } from "@/lib/documents/schema";

/** Why a document has no text, or an older one than its object. */
export function DocumentNotices({ document }: { document: DocumentView }) {
  if (document.staleSince !== null) {
    return (
      <Notice tone="attention" title="The bucket has a newer version that could not be read">
        Search still finds the version below, stored before <RelativeTime at={document.staleSince} />.{" "}
        {document.error}
      </Notice>
    );
  }
  if (document.status === "failed") {
    return (
      <Notice tone="failed" title="This object could not be read">
        {document.error}
      </Notice>
    );
  }
  return null;
}
