/** Asking a store: listing, and the requests of all kinds. */

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
