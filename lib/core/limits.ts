/** Every bound of Sluice, with its unit in the name. Loops over the outside world name theirs here. */

// Connections
export const DOCUMENT_LIMIT_DEFAULT = 10_000;
export const DOCUMENT_LIMIT_MAX = 1_000_000;
/** The public page says "less than 200 characters". */
export const CONTAINER_TAG_REGEX_CHARS_MAX = 199;
export const CONTAINER_TAG_CHARS_MAX = 100;
export const CONTAINER_TAGS_MAX = 50;
export const METADATA_KEYS_MAX = 100;
export const METADATA_VALUE_CHARS_MAX = 4_096;
export const CUSTOM_ID_CHARS_MAX = 255;
export const REQUEST_BODY_BYTES_MAX = 1_048_576;

// Talking to S3
export const CHECK_TIMEOUT_MS = 15_000;
export const S3_CONNECT_TIMEOUT_MS = 5_000;
export const S3_REQUEST_TIMEOUT_MS = 60_000;
export const S3_ATTEMPTS_MAX = 4;
export const S3_SOCKETS_MAX = 64;
export const LIST_PAGE_KEYS_MAX = 1_000;
/** Manifest rows held in memory for one comparison. */
export const MANIFEST_WINDOW_ROWS_MAX = 5_000;
export const KEY_BYTES_MAX = 1_024;
/** 100 million keys; a listing that goes on longer is taken for one that never ends. */
export const LIST_PAGES_MAX = 100_000;
/** Pages without a single key that a store may send in a row. */
export const LIST_EMPTY_PAGES_MAX = 1_000;

// Reading objects
export const OBJECT_BYTES_MAX = 50 * 1024 * 1024;
/** Objects that one run reads at once. */
export const FETCH_CONCURRENCY = 16;
/** Bytes of objects that one run holds in memory at once, fetched but not yet stored. */
export const BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;
export const READ_BATCH_OBJECTS_MAX = 200;
export const REPLANS_PER_RUN_MAX = 2;
/** Tries of one read within a run, each with the client's own retries inside. */
export const READ_TRIES_MAX = 2;
export const RETRY_PAUSE_MS = 1_000;
/** Reads that fail in a row before one listing decides whether the whole bucket is out of reach. */
export const FAILED_READS_IN_A_ROW_MAX = 20;
/** What one transaction of stored documents may hold, so that it stays short. */
export const STORE_BATCH_OBJECTS_MAX = 100;
export const STORE_BATCH_CHARS_MAX = 200_000;
/** Chunks written or deleted in one transaction; longer documents come and go piece by piece. */
export const CHUNKS_A_TRANSACTION_MAX = 150;
/** A stored document waits at most this long for others to share its transaction. */
export const STORE_BATCH_WAIT_MS = 100;
/** Rounds of giving free places to parked keys; each admits at least one. */
export const ADMIT_ROUNDS_MAX = 1_000;
/** Keys proved absent at the same time. */
export const PROOF_CONCURRENCY = 8;
export const ATTEMPTS_BEFORE_DAILY = 5;

// Extracting
export const EXTRACT_CHILDREN = 2;
export const EXTRACT_TIMEOUT_MS = 60_000;
export const EXTRACT_RESIDENT_BYTES_MAX = 768 * 1024 * 1024;
export const EXTRACT_KILLS_MAX = 2;
export const ZIP_TOTAL_BYTES_MAX = 200 * 1024 * 1024;
export const ZIP_ENTRIES_MAX = 10_000;
export const ZIP_RATIO_MAX = 200;
export const TEXT_BYTES_MAX = 5 * 1024 * 1024;
export const CHUNKS_PER_DOCUMENT_MAX = 5_000;
export const CHUNK_CHARS_TARGET = 1_200;
export const CHUNK_CHARS_MAX = 1_600;
export const TITLE_CHARS_MAX = 300;

// Searching
export const QUERY_CHARS_MAX = 2_000;
export const QUERY_TERMS_MAX = 64;
export const SEARCH_LIMIT_DEFAULT = 10;
export const SEARCH_LIMIT_MAX = 100;
export const SEARCH_CANDIDATE_CHUNKS_MAX = 400;
export const TOKEN_CHARS_MAX = 64;

// Lists
export const LIST_LIMIT_DEFAULT = 10;
export const LIST_LIMIT_MAX = 1_100;
/** Characters of whole texts in one answer of a list; documents beyond them come without their text. */
export const LISTED_TEXT_CHARS_MAX = 50_000_000;
/** Found documents of one answer that carry their whole text, 5 MB at most each. */
export const DOCUMENTS_WITH_TEXT_MAX = 20;
export const SYNC_RUNS_LISTED_MAX = 100;

// Runs and workers
export const SYNC_INTERVAL_DEFAULT_MS = 4 * 60 * 60 * 1000;
/** Share of the interval by which the next run may be moved, so that a thousand connections do not start at once. */
export const SYNC_JITTER_SHARE = 0.05;
export const LEASE_MS = 30_000;
export const HEARTBEAT_MS = 5_000;
export const HEARTBEAT_FRESH_MS = 20_000;
export const CLAIM_POLL_MS = 250;
export const SWEEP_MS = 10 * 60 * 1000;
export const PROGRESS_MS = 500;
export const RUNS_AT_ONCE = 4;
export const SHUTDOWN_MS = 10_000;
export const REMOVE_BATCH_DOCUMENTS = 200;
/** Absence found longer ago than this is proved again before anything is removed. */
export const ABSENCE_MARK_FRESH_MS = 10 * 60 * 1000;

// The removal guard of decision 9
export const REMOVALS_HELD_ABOVE = 25;
export const REMOVALS_HELD_ABOVE_SHARE = 0.25;

// Keeping
export const RUN_CHANGES_KEPT_MS = 90 * 24 * 60 * 60 * 1000;
export const RUNS_KEPT_MS = 2 * 365 * 24 * 60 * 60 * 1000;

// People and keys
export const SETUP_LINK_MS = 60 * 60 * 1000;
export const SETUP_TRIES_MAX = 10;
export const SESSION_MS = 14 * 24 * 60 * 60 * 1000;
export const SIGN_IN_TRIES_PER_MINUTE = 5;
export const PASSWORD_CHARS_MIN = 12;
export const PASSWORD_CHARS_MAX = 256;
export const API_KEY_CHARS_MIN = 32;

// The database
export const TRANSACTION_MS_MAX = 50;
export const BUSY_TIMEOUT_MS = 5_000;
