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
/** Include globs of a connection, and exclude globs. */
export const GLOBS_MAX = 50;
export const GLOB_CHARS_MAX = 256;
export const EXTENSIONS_MAX = 100;
export const EXTENSION_CHARS_MAX = 32;
/** A certificate authority of an endpoint's own with its chain. */
export const CA_PEM_CHARS_MAX = 32_768;
/** What a person may set as the most requests a second that a store is asked. */
export const REQUESTS_PER_SECOND_MAX = 10_000;

// Talking to S3
export const CHECK_TIMEOUT_MS = 15_000;
/** What of it may be spent on finding out whether the store honours If-Match. */
export const IF_MATCH_TRIAL_MS = 3_000;
export const S3_CONNECT_TIMEOUT_MS = 5_000;
export const S3_REQUEST_TIMEOUT_MS = 60_000;
export const S3_ATTEMPTS_MAX = 4;
/** A run's page that a store does not give is asked for again after these pauses: it may be starting anew. */
export const LIST_PATIENCE_MS = [500, 1_000, 2_000, 4_000];
export const S3_SOCKETS_MAX = 64;
/** The first pause before a request is sent again is a random share of this; each further one of twice as much. */
export const S3_RETRY_PAUSE_MS = 100;
export const S3_THROTTLED_PAUSE_MS = 500;
export const S3_RETRY_PAUSE_MS_MAX = 10_000;
export const S3_RETRY_AFTER_MS_MAX = 30_000;
/** A page of 1,000 keys of 1,024 bytes, each byte percent-encoded, is 3 MB with what stands beside them. */
export const LIST_ANSWER_BYTES_MAX = 16 * 1024 * 1024;
export const S3_ERROR_BYTES_MAX = 64 * 1024;
/** Elements inside each other in an answer; S3's own has four. */
export const XML_DEPTH_MAX = 64;
export const LIST_PAGE_KEYS_MAX = 1_000;
/** Keys of a window, listed ones and known ones, that are compared at once and recorded in one transaction. */
export const WINDOW_PART_KEYS = { min: 50, start: 250, max: 1_000 };
export const KEY_BYTES_MAX = 1_024;
/** 100 million keys; a listing that goes on longer is taken for one that never ends. */
export const LIST_PAGES_MAX = 100_000;
/** Pages without a single key that a store may send in a row. */
export const LIST_EMPTY_PAGES_MAX = 1_000;
/** Ranges of one listing: walked side by side, made when it begins and of no fewer keys, and cut while it goes on. */
export const LIST_WALKERS = 4;
export const LIST_RANGES_MAX = 32;
export const LIST_RANGE_KEYS_MIN = 10_000;
export const LIST_RANGES_CUT_MAX = 96;
/** A range is cut, by so many probes, when its last pages were each waited for longer than this for each walker. */
export const LIST_CUT_PROBES_MAX = 12;
export const LIST_CUT_PAGES = 10;
export const LIST_CUT_WAIT_MS_MIN = 10;
export const BUSY_SHARE_MAX = 0.7;
export const BUSY_MEASURED_MS = 100;
/** Where two ranges meet, a bucket that changes is asked so often before its store counts as one without order. */
export const SEAM_TRIES_MAX = 3;
/** Counts of windows without a change are committed together with the cursor, at the latest after this time. */
export const UNCHANGED_COMMIT_MS = 500;
/** Failed objects that a retry asks for one by one; where more are due, everything is listed. */
export const RETRY_KEYS_MAX = 200;
/** Requests of one connection that are under way in one process. */
export const REQUESTS_AT_ONCE_MAX = 64;
/** The first pause after an answer that asks to slow down, and the longest. */
export const PACE_PAUSE_MS = 500;
export const PACE_PAUSE_MAX_MS = 8_000;

// Reading objects
export const OBJECT_BYTES_MAX = 50 * 1024 * 1024;
/** Objects of one batch that are read at once. */
export const FETCH_CONCURRENCY = 16;
/** Batches that a worker reads at once, of all connections and of one. */
export const BATCHES_AT_ONCE = 8;
export const BATCHES_OF_CONNECTION = 4;
/** Bytes of objects that a worker holds in memory at once, fetched but not yet stored. */
export const BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;
/** The same for what a `Content-Encoding` unfolds to. */
export const BYTES_UNFOLDED_MAX = 132 * 1024 * 1024;
/**
 * Of each of the two what every connection that is read has to itself. It may hold half of the rest besides, and an
 * object of the greatest size never takes more than both.
 */
export const BYTES_OF_CONNECTION = 4 * 1024 * 1024;
export const READ_BATCH_OBJECTS_MAX = 200;
export const REPLANS_PER_RUN_MAX = 2;
/** Tries of one read within a run, each with the client's own retries inside. */
export const READ_TRIES_MAX = 3;
export const RETRY_PAUSE_MS = 1_000;
/** Reads that fail in a row before one listing decides whether the whole bucket is out of reach. */
export const FAILED_READS_IN_A_ROW_MAX = 20;
/** How long a transaction about many things is to be open; how many of them it holds, within bounds, follows from it. */
export const WRITE_OPEN_MS = 20;
/** Outcomes with the chunks of what is stored. So many characters without chunks are as much to write as one. */
export const STORE_BATCH_ROWS = { min: 25, start: 200, max: 400 };
export const STORE_CHARS_A_ROW = 50_000;
/** Chunks written or deleted in one transaction; longer documents come and go piece by piece. */
export const CHUNKS_A_TRANSACTION_MAX = 100;
/** A document waits at most this long for others to share its transaction, and in the first batch of a run. */
export const STORE_WAIT_MS = 1_000;
export const STORE_WAIT_FIRST_MS = 50;
/** Keys proved absent at the same time. */
export const PROOF_CONCURRENCY = 8;
export const ATTEMPTS_BEFORE_DAILY = 5;

// Extracting
export const EXTRACT_CHILDREN = 2;
/** Another child is started where something has waited for so long, though a child was there. */
export const EXTRACT_AWAITED_MS = 250;
/** Ends of the thread that stores, over the same run and with nothing stored between them, that end the run. */
export const STORE_THREAD_ENDS_MAX = 5;
/** With fewer cores than these, those that take texts out leave none for a thread that stores. */
export const STORE_THREAD_CORES_MIN = 3;
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

// Runs and workers
export const SYNC_INTERVAL_DEFAULT_MS = 4 * 60 * 60 * 1000;
export const SYNC_INTERVAL_MIN_MS = 5 * 60 * 1000;
export const SYNC_INTERVAL_MAX_MS = 30 * 24 * 60 * 60 * 1000;
/** Share of the interval by which the next run may be moved, so that a thousand connections do not start at once. */
export const SYNC_JITTER_SHARE = 0.05;
/** The same for a cron time, which a person chose: it stays within its minute. */
export const CRON_JITTER_MS = 50_000;
/** Failed runs in a row after which the schedule waits longer, and how long it waits at most. */
export const FAILURES_BEFORE_BACK_OFF = 3;
export const BACK_OFF_MAX_MS = 24 * 60 * 60 * 1000;
/** Connections whose time has come that are looked up at once. */
export const DUE_CONNECTIONS_MAX = 100;
/** After its completion a plan can be applied for this long. */
export const PLAN_KEPT_MS = 24 * 60 * 60 * 1000;
/** Keys that one request to try again may name, and failed objects that are made due in one transaction. */
export const KEYS_NAMED_MAX = 1_000;
export const MADE_DUE_OBJECTS_MAX = 2_000;
export const LEASE_MS = 30_000;
export const HEARTBEAT_MS = 5_000;
export const HEARTBEAT_FRESH_MS = 20_000;
/** Leases are times of the workers' own clocks: one that is ahead by a lease takes what others still work on. */
export const CLOCKS_APART_MS_MAX = 10_000;
export const RUN_POLL_MS = 100;
export const CLAIM_POLL_MS = 250;
/** How often what was added to the search index of a PostgreSQL is sorted into it. */
export const INDEX_MERGE_MS = 1_000;
export const SWEEP_MS = 10 * 60 * 1000;
export const PROGRESS_MS = 500;
/** Counting a run's rows may take this share of the time. */
export const PROGRESS_SHARE = 0.05;
/** How often those who read look whether it is still wanted: a canceled run stops within two seconds. */
export const READ_WATCH_MS = 500;
/** How often a run asks whether what it has queued is read. */
export const READ_POLL_MS = 50;
/** A worker that hears nothing from the queue looks at the rows by itself this often. */
export const BATCH_RECHECK_MS = 5_000;
/** A connection's sockets are kept for its next batch for this long. */
export const IDLE_SOURCE_MS = 10_000;
/** Runs that list at once in one worker, for the memory that takes; what they queue is read in turns of its own. */
export const RUNS_AT_ONCE = 16;
/** A run whose store has said nothing for this long lists no more, as far as the number above goes. */
export const LISTING_STALLED_MS = 2_000;
/** Runs of one worker, also those that wait for their stores or for what is read. */
export const RUNS_CLAIMED_MAX = 200;
export const SHUTDOWN_MS = 10_000;
export const REMOVE_BATCH_DOCUMENTS = 200;
/** A run waits at most this long for the rows of deleted documents to go. */
export const DELETED_AWAITED_MS = 10 * 60 * 1000;
/** Documents with a container tag that are marked as deleted in one transaction. */
export const MARK_PIECE_DOCUMENTS = 500;
/** Documents that one request may name to be deleted. */
export const DOCUMENTS_NAMED_MAX = 100;
/** Absent keys that are marked, put on hold, kept, planned as removals or forgotten in one transaction. */
export const ABSENT_PIECE_KEYS = 500;
/** Absence found longer ago than this is proved again before anything is removed. */
export const ABSENCE_MARK_FRESH_MS = 10 * 60 * 1000;

// The removal guard of decision 9
export const REMOVALS_HELD_ABOVE = 25;
export const REMOVALS_HELD_ABOVE_SHARE = 0.25;

// Keeping
/** What each run did to each key, and runs; both can be set. */
export const RUN_CHANGES_KEPT_DAYS = 90;
export const RUNS_KEPT_DAYS = 2 * 365;
export const KEPT_DAYS_MAX = 3_650;
/** Rows of a kind that one transaction of the sweep deletes, and the runs or holds whose rows are looked for at once. */
export const ROWS_A_SWEEP_MAX = 2_000;
export const RUNS_A_SWEEP_MAX = 500;

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
export const STATEMENTS_KEPT_MAX = 300;
/** Rows that one statement goes through to count them, within 10 ms. */
export const COUNTED_ROWS_MAX = 10_000;
/** Of each process to a PostgreSQL: transactions that stand open at once, and statements that read beside them. */
export const DATABASE_WRITE_CONNECTIONS_MAX = 2;
export const DATABASE_READ_CONNECTIONS_MAX = 4;
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000;
export const DATABASE_CONNECTION_IDLE_MS = 5 * 60 * 1000;
export const STATEMENT_TIMEOUT_MS = 60_000;
export const LOCK_TIMEOUT_MS = 10_000;
/** Whoever stops in the middle of a transaction loses it before those who wait for its locks give up. */
export const IDLE_IN_TRANSACTION_MS = 5_000;
/** Tries of a transaction that the database ended because it stood in the way of another. */
export const TRANSACTION_TRIES_MAX = 5;
/** How long a start waits for another one that is migrating. */
export const MIGRATION_TIMEOUT_MS = 10 * 60 * 1000;
