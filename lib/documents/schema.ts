/** The public statuses of a document. */
export const DOCUMENT_STATUSES = ["queued", "extracting", "chunking", "indexing", "done", "failed"] as const;
export type DocumentStatus = (typeof DOCUMENT_STATUSES)[number];

/** A document without its text. Times are epoch milliseconds, sizes bytes. */
export type DocumentView = {
  id: string;
  connectionId: string | null;
  /** The object's key; null for a document that came by API. */
  key: string | null;
  customId: string | null;
  title: string | null;
  type: string;
  status: DocumentStatus;
  containerTags: string[];
  metadata: Record<string, unknown>;
  summary: string | null;
  url: string | null;
  sizeBytes: number | null;
  chunkCount: number;
  /** Text beyond the bound was left out. */
  isCut: boolean;
  error: string | null;
  /** Since when the bucket has a newer version that could not be read. */
  staleSince: number | null;
  createdAt: number;
  updatedAt: number;
};

export type DocumentWithText = DocumentView & { content: string | null };

export type DocumentPage = { documents: DocumentView[]; page: number; limit: number; totalItems: number };
