import type { DocumentView } from "@/lib/documents/schema";

/** How a document is called: its title, else its file's name, else its id. */
export function documentName(document: { id: string } & Pick<DocumentView, "key" | "title">): string {
  return document.title || document.key?.split("/").findLast((part) => part !== "") || document.id;
}
