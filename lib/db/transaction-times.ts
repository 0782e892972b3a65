import { TRANSACTION_MS_MAX } from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";

export type TransactionTimes = {
  /** A transaction that began then, by `performance.now()`, has ended now, however it ended. */
  add(startedAt: number): void;
  /** Says how many there were, how many took longer than they should, and how long the longest took. */
  tell(): void;
};

/** What the log says of transactions at the level `debug`: those that are too long, and at the end all of them. */
export function openTransactionTimes(log: Logger): TransactionTimes {
  let transactions = 0;
  let tooLong = 0;
  let longestMs = 0;
  return {
    add: (startedAt) => {
      const tookMs = Math.round(performance.now() - startedAt);
      transactions += 1;
      longestMs = Math.max(longestMs, tookMs);
      if (tookMs <= TRANSACTION_MS_MAX) return;
      tooLong += 1;
      log.debug({ tookMs }, "a transaction took longer than it should");
    },
    tell: () => log.debug({ transactions, tooLong, longestMs }, "the database is closed"),
  };
}
