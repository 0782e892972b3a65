/** The public statuses of a document. */
export const DOCUMENT_STATUSES = ["queued", "extracting", "chunking", "indexing", "done", "failed"] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A document as the console lists it. Times are epoch milliseconds, sizes bytes. */
export type DocumentView = {
  id: string;
  connectionId: string | null;
  /** The object's key; null for a document that came by API. */
  key: string | null;
  title: string | null;
  type: string;
  status: DocumentStatus;
  containerTags: string[];
  sizeBytes: number | null;
  chunkCount: number;
  error: string | null;
  staleSince: number | null;
  createdAt: number;
  updatedAt: number;
};

export type DocumentPage = { documents: DocumentView[]; page: number; limit: number; totalItems: number };
