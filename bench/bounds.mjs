/** Every bound of the benchmark, with its unit in the name. What is not reached within one is reported as such. */
const MINUTE_MS = 60_000;

/** The longest that a phase may take; a first sync has more, by its objects. */
export const PHASE_MS_MAX = 10 * MINUTE_MS;
export const FIRST_SYNC_MS_MIN = 5 * MINUTE_MS;
/** A first sync that stores fewer objects a second than this is not waited for. */
export const FIRST_SYNC_OBJECTS_PER_SECOND_MIN = 300;
/** A real server on the same cores is slow by itself. */
export const FIRST_SYNC_REAL_OBJECTS_PER_SECOND_MIN = 100;
export const PAGE_SERVER_START_MS_MAX = 2 * MINUTE_MS;
export const WORKER_START_MS_MAX = 60_000;
export const WORKER_END_MS_MAX = 15_000;
export const REQUEST_MS_MAX = 60_000;
/** How often a run is looked at, as a page in the console does. Its times are those of its row, so this blurs nothing. */
export const RUN_POLL_MS = 500;
export const FIRST_SEARCHABLE_POLL_MS = 20;
export const FIRST_SEARCHABLE_MS_MAX = 2 * MINUTE_MS;
export const MEMORY_SAMPLE_MS = 100;
/** How often the processes themselves are looked up again. */
export const PROCESSES_SAMPLE_MS = 500;
/** A long run's profile is large; it is waited for this long. */
export const PROFILE_WRITTEN_MS_MAX = 60_000;
export const REPEATS_DEFAULT = 3;
/** A copy to a folder takes twice as long once the disk has the files of the copies before it: three say little. */
export const FIRST_PAGES_REPEATS_MIN = 7;
/** Requests under way at once while a bucket of a real server is filled. */
export const LOAD_CONCURRENCY = 48;
export const LOAD_TRIES_MAX = 5;
export const CEILING_SOCKETS = 8;
export const CEILING_MS = 4_000;

/** How long a first sync of a source is waited for. */
export function firstSyncLimitMs({ count, isReal }) {
  const perSecond = isReal ? FIRST_SYNC_REAL_OBJECTS_PER_SECOND_MIN : FIRST_SYNC_OBJECTS_PER_SECOND_MIN;
  return Math.max(FIRST_SYNC_MS_MIN, (count / perSecond) * 1_000);
}
