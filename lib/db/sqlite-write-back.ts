import { statSync } from "node:fs";
import { LOG_BYTES_MAX } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { SqliteHandle } from "./sqlite-handle";

/**
 * SQLite writes into a log, which has to be copied back into the database file now and then. A commit would do that
 * within itself, and it takes as long as the disk does: so it is done between two transactions, while nobody's lock is
 * held. A page that many transactions have changed is copied once for all of them.
 */
export function openWriteBack(args: {
  file: string;
  handle: SqliteHandle;
  log: Logger;
  logBytesMax?: number;
}): { copyIfDue: () => void } {
  const { file, handle, log, logBytesMax = LOG_BYTES_MAX } = args;
  handle.exec("PRAGMA wal_autocheckpoint = 0");
  // Begun anew, the log takes no more room than what is in it, so that its size tells whether it is due.
  handle.exec("PRAGMA journal_size_limit = 0");
  let dueBytes = logBytesMax;
  const copyIfDue = () => {
    const bytes = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (bytes < logBytesMax) dueBytes = logBytesMax;
    if (bytes < dueBytes) return;
    // What somebody still reads stays in the log until a later copy.
    dueBytes = bytes + logBytesMax / 4;
    const startedAt = performance.now();
    handle.exec("PRAGMA wal_checkpoint(PASSIVE)");
    log.debug({ bytes, tookMs: Math.round(performance.now() - startedAt) }, "the log is copied back");
  };
  return {
    copyIfDue: () => {
      try {
        copyIfDue();
      } catch (err) {
        log.warn({ err }, "the log could not be copied back into the database; it is tried again");
      }
    },
  };
}
