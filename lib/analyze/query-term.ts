/**
 * One thing that is asked for.
 *
 * | kind     | written as       | met by a text with                                                       |
 * |----------|------------------|--------------------------------------------------------------------------|
 * | word     | `reset`          | the word                                                                 |
 * | compound | `foo_bar`, `c++` | the compound as written, or its words one after the other                |
 * | phrase   | `"reset my"`     | the words one after the other                                            |
 * | dense    | `天気予報`       | its pairs one after the other, or pairs that cover all of its characters |
 */
export type QueryTerm = {
  kind: "word" | "compound" | "phrase" | "dense";
  /** Tokens in order. Empty for a compound that only its own spelling meets (`c++` is not `c`). */
  words: readonly string[];
  /** The token of a compound as written. */
  written: string | null;
  /** The last of `words` is one character that begins a pair. */
  isPrefix: boolean;
};

/** A term, and whether it may be left out where there are others. */
export type FoundTerm = { term: QueryTerm; isStop: boolean };
