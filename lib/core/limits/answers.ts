/** Searching, and answers that are lists. */

// Searching
export const QUERY_CHARS_MAX = 2_000;
export const QUERY_TERMS_MAX = 64;
export const SEARCH_LIMIT_DEFAULT = 10;
export const SEARCH_LIMIT_MAX = 100;
export const SEARCH_CANDIDATE_CHUNKS_MAX = 400;
export const TOKEN_CHARS_MAX = 64;
/** Of the chunks that meet one word, those that PostgreSQL ranks, and those that it counts. */
export const SEARCH_RANKED_CHUNKS_MAX = 4_000;
export const SEARCH_COUNTED_CHUNKS_MAX = 100_000;

// Lists
/** How long an answer is given to everybody who asks the same. */
export const SHARED_ANSWER_MS = 500;
export const LIST_LIMIT_DEFAULT = 10;
export const LIST_LIMIT_MAX = 1_100;
/** Characters of whole texts in one answer of a list; documents beyond them come without their text. */
export const LISTED_TEXT_CHARS_MAX = 50_000_000;
/** Found documents of one answer that carry their whole text, 5 MB at most each. */
export const DOCUMENTS_WITH_TEXT_MAX = 20;
export const SYNC_RUNS_LISTED_MAX = 100;
export const RUN_CHANGES_LISTED_MAX = 200;
export const KEYS_LISTED_DEFAULT = 100;
export const KEYS_LISTED_MAX = 1_000;
/** Rows of a manifest that one answer looks at to find those it is asked for. */
export const OBJECTS_LOOKED_AT_MAX = 20_000;
