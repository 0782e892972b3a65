import { count } from "./words.mjs";

/** What a process of Sluice logs last of its database, at the level `debug`. */
const LAST_WORD = '"msg":"the database is closed"';

/** Sums up what processes that have ended have logged of their transactions. */
export class Transactions {
  #all = 0;
  #tooLong = 0;
  #longestMs = 0;

  /** `output` is all that a process has printed, or the end of it. */
  hear(output) {
    for (const line of output.split("\n")) {
      if (!line.includes(LAST_WORD)) continue;
      const { transactions, tooLong, longestMs } = JSON.parse(line);
      this.#all += transactions;
      this.#tooLong += tooLong;
      this.#longestMs = Math.max(this.#longestMs, longestMs);
    }
  }

  line() {
    return `${count(this.#all)} transactions of Sluice, ${count(this.#tooLong)} of them too long, the longest ${count(this.#longestMs)} ms.`;
  }
}
