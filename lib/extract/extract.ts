/** The public document types that Sluice's formats map to (the wire's words). */
export type DocumentType = "text" | "pdf" | "webpage";

/** What one object's bytes turned out to hold. */
export type Extraction =
  | {
      outcome: "text";
      /** NUL-free, well-formed Unicode, at most TEXT_BYTES_MAX bytes of UTF-8. */
      text: string;
      title: string | null;
      type: DocumentType;
      /** True when text beyond the bound was left out. */
      isCut: boolean;
    }
  | { outcome: "unsupported"; detected: string }
  | { outcome: "empty" }
  | { outcome: "failed"; code: "extract_failed" | "extract_timeout"; message: string };

/** A chunk of a document with the tokens that search stores for it. `content` is an exact slice of the text. */
export type AnalyzedChunk = { content: string; tokens: string };

/** An extraction, chunked and turned into tokens in the same child, so that one process does the heavy work. */
export type ExtractedDocument =
  | (Extract<Extraction, { outcome: "text" }> & {
      titleTokens: string;
      chunks: AnalyzedChunk[];
      areChunksCut: boolean;
    })
  | Exclude<Extraction, { outcome: "text" }>;

export type ExtractArgs = {
  /** Whose it is: one with many objects, or with slow ones, does not hold up those of another. */
  owner: string;
  /** The object's key: its last part and extension help to find the type. */
  name: string;
  bytes: Uint8Array;
  signal: AbortSignal;
};

/** A pool of child processes. One bad object costs at most its own child. */
export interface Extractor {
  /**
   * Never rejects for a bad object.
   * Rejects with the signal's reason when aborted, and with `internal`, effect `retry`, when the pool is closed or full
   * or no child process starts.
   */
  extract(args: ExtractArgs): Promise<ExtractedDocument>;
  /** Ends the children. */
  close(): Promise<void>;
}

/** Raised whenever a format is added or read better: objects that an older version could not read are tried again. */
export const EXTRACTOR_VERSION = 1;
