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
  /** `detected`: the kind that the bytes were found to be, a media type or a few words; null when that is not known. */
  | { outcome: "unsupported"; detected: string }
  | { outcome: "empty"; detected: string }
  | {
      outcome: "failed";
      code: "extract_failed" | "extract_timeout";
      message: string;
      detected: string | null;
    };

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

/** By version, the kinds it reads that the version before it did not, or reads better, in the words of `detected`. */
export type NewlyRead = Readonly<Record<number, readonly string[]>>;

/**
 * What each version after the first has brought. A line more makes the next version, and nothing else does: of the
 * objects that gave no text to an older one, those of its kinds are read again.
 */
export const NEWLY_READ: NewlyRead = {};

export const EXTRACTOR_VERSION = newestOf(NEWLY_READ);

export function newestOf(newlyRead: NewlyRead): number {
  return Math.max(1, ...Object.keys(newlyRead).map(Number));
}

/**
 * Whether an object that gave no text to an older version may give some now. Where its kind is not known, any newer
 * version may read it: better asked for once too often than never.
 */
export function canReadNow(
  detected: string | null,
  sinceVersion: number,
  newlyRead: NewlyRead = NEWLY_READ,
): boolean {
  if (detected === null) return sinceVersion < newestOf(newlyRead);
  return Object.entries(newlyRead).some(
    ([version, kinds]) => Number(version) > sinceVersion && kinds.includes(detected),
  );
}
