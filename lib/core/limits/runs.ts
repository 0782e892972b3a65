/** Runs and the workers that do them, what they may remove, and how long what they did is kept. */

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
/** Counting a run's rows may take this share of the time; beside much other work it seems longer than it is. */
export const PROGRESS_SHARE = 0.05;
export const PROGRESS_PAUSE_MS_MAX = 10_000;
/** How often those who read look whether it is still wanted: a canceled run stops reading within two seconds. */
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
/** Documents that one transaction removes, and the chunks that these may have: a long text takes its time, too. */
export const REMOVE_BATCH_DOCUMENTS = 200;
export const CHUNKS_REMOVED_MAX = 5_000;
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
