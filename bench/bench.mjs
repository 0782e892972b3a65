import { rm } from "node:fs/promises";
import path from "node:path";
import { Transactions } from "./report/transactions.mjs";
import { RealServer } from "./sources/real-server.mjs";
import { runRclone } from "./subjects/rclone.mjs";
import { SluiceUnderTest } from "./subjects/sluice.mjs";

/** What every measure works with: sizes, where to keep things, the report, and the two that are compared. */
export class Bench {
  #folder;
  #keepFolder;
  #profileDir;
  #foldersMade = 0;
  #realServer = null;
  #transactions = new Transactions();

  /**
   * `isFull`: the sizes are those that the targets speak of. `folder` is for what nobody needs afterwards; `keepFolder`, or null, for what the next
   * benchmark may start from.
   */
  constructor({ report, sizes, isFull, repeats, hasRclone, folder, keepFolder, profileDir }) {
    this.report = report;
    this.sizes = sizes;
    this.isFull = isFull;
    this.repeats = repeats;
    this.hasRclone = hasRclone;
    this.#folder = folder;
    this.#keepFolder = keepFolder;
    this.#profileDir = profileDir;
  }

  /** What every Sluice that was measured has logged of its transactions, in a line. */
  get transactionsLine() {
    return this.#transactions.line();
  }

  get isKeeping() {
    return this.#keepFolder !== null;
  }

  /** The place of a data folder that outlives this benchmark when it is told to keep. */
  keptFolder(name) {
    return path.join(this.#keepFolder ?? this.#folder, name);
  }

  /** The place of a folder that nothing has been in. */
  freshFolder(name) {
    this.#foldersMade++;
    return path.join(this.#folder, `${name}-${this.#foldersMade}`);
  }

  /** Removes a folder, unless it is one that is kept. */
  async removeFolder(folder) {
    if (this.#keepFolder !== null && folder.startsWith(this.#keepFolder)) return;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  newSluice(args) {
    return new SluiceUnderTest({ profileDir: this.#profileDir, transactions: this.#transactions, ...args });
  }

  rclone(source, words) {
    return runRclone(source, words);
  }

  /** The real S3 server, started for the first measure that wants it. */
  realServer() {
    this.#realServer ??= RealServer.start();
    return this.#realServer;
  }

  async close() {
    const server = await this.#realServer?.catch(() => null);
    await server?.stop();
  }
}
