/** A document that answers a question, with its best passages. Scores are from 0 to 1 and comparable within an answer. */
export type SearchResult = {
  documentId: string;
  connectionId: string | null;
  key: string | null;
  title: string | null;
  type: string;
  metadata: Record<string, unknown>;
  summary: string | null;
  /** Only when it was asked for. */
  content: string | null;
  containerTags: string[];
  createdAt: number;
  updatedAt: number;
  score: number;
  passages: SearchPassage[];
};

export type SearchPassage = {
  chunkId: number;
  position: number;
  content: string;
  score: number;
  isRelevant: boolean;
  /** The matched words, as UTF-16 ranges [start, end) of `content`. */
  marks: { start: number; end: number }[];
};
