/** Reading objects, and taking their text out. */

// Reading objects
export const OBJECT_BYTES_MAX = 50 * 1024 * 1024;
/** Objects of one batch that are read at once. */
export const FETCH_CONCURRENCY = 16;
/** Batches that a worker reads at once, of all connections and of one; connections that read nothing have one more. */
export const BATCHES_AT_ONCE = 8;
export const BATCHES_OF_CONNECTION = 4;
/** Connections that a worker reads of at once. */
export const CONNECTIONS_READ_AT_ONCE = 16;
/** Bytes of objects that a worker holds in memory at once, fetched but not yet stored. */
export const BYTES_IN_FLIGHT_MAX = 128 * 1024 * 1024;
/** The same for what a `Content-Encoding` unfolds to. */
export const BYTES_UNFOLDED_MAX = 132 * 1024 * 1024;
/** The same for the texts taken out of them, with their chunks and tokens, as far as that is foreseen; and beyond that. */
export const BYTES_OF_TEXTS_MAX = 80 * 1024 * 1024;
export const BYTES_UNFORESEEN_MAX = 148 * 1024 * 1024;
/**
 * Before a text is there, it is taken to have a character for each byte of its object, up to so many, and each to take
 * two bytes in the text, its chunk and its tokens.
 */
export const TEXT_FORESEEN_CHARS_MAX = 1024 * 1024;
export const TEXT_BYTES_A_CHAR = 6;
/**
 * Of each of the four what every connection that is read has to itself. It may hold half of the rest besides, and an
 * object or text of the greatest size never takes more than both.
 */
export const BYTES_OF_CONNECTION = 2 * 1024 * 1024;
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
/** Chunks that one transaction writes ahead or deletes; the chunks of a longer document come and go piece by piece. */
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
