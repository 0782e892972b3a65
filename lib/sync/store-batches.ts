import { SluiceError } from "@/lib/core/errors";
import { firstWithin } from "@/lib/core/first-within";
import { BYTES_OF_CONNECTION, CHUNKS_A_TRANSACTION_MAX, STORE_CHARS_A_ROW } from "@/lib/core/limits";
import type { ReadOutcome } from "./batch-store";
import { bytesOfText } from "./read-memory";
import type { WritePace } from "./write-pace";

/** Collects outcomes and writes them in batches, one batch at a time. */
export type StoreBatches = {
  /** Resolves when the outcome is committed. */
  add(outcome: ReadOutcome): Promise<void>;
  /** Writes what is left. */
  flush(): Promise<void>;
};

export type StoreWriting = {
  /**
   * Writes all of them or none, and resolves with how many milliseconds that took of the database. Effect `skip`: one
   * of them is refused for what it is.
   */
  write(outcomes: ReadOutcome[]): Promise<number>;
  /** What is written instead of an outcome that was refused by itself. */
  insteadOf(refused: ReadOutcome, error: SluiceError): ReadOutcome;
};

type Waiting = {
  outcome: ReadOutcome;
  rows: number;
  done: () => void;
  failed: (thrown: unknown) => void;
};

/**
 * One batch is written at a time; what it rejects with is the rejection of every caller whose outcome is not committed.
 * A batch is written when it has as many rows as the pace allows or so much text that others may wait for its memory,
 * when all of the `expected` outcomes have come, or when its first has waited for `waitMs`. One that holds more than the
 * pace allows by then is written in parts. One that is refused is written in halves, until the outcome that is at fault
 * stands alone.
 */
export function openStoreBatches(
  args: { expected: number; waitMs: number; pace: WritePace },
  writing: StoreWriting,
): StoreBatches {
  let expected = args.expected;
  let waiting: Waiting[] = [];
  let rowsWaiting = 0;
  let textBytesWaiting = 0;
  let timer: NodeJS.Timeout | null = null;
  let tail: Promise<void> = Promise.resolve();

  const flush = (isFull = false): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    waiting = [];
    rowsWaiting = 0;
    textBytesWaiting = 0;
    if (batch.length > 0) tail = tail.then(() => writeBatch(writing, batch, { pace: args.pace, isFull }));
    return tail;
  };

  return {
    add: (outcome) =>
      new Promise<void>((done, failed) => {
        const rows = rowsOf(outcome);
        const countMax = args.pace.countMax();
        if (rowsWaiting + rows > countMax) void flush(true);
        waiting.push({ outcome, rows, done, failed });
        rowsWaiting += rows;
        if (outcome.kind === "stored") textBytesWaiting += bytesOfText(outcome.document);
        expected -= 1;
        const isFull = rowsWaiting >= countMax;
        const isMuch = textBytesWaiting > BYTES_OF_CONNECTION;
        if (isFull || isMuch || expected <= 0) void flush(isFull);
        else timer ??= setTimeout(() => void flush(), args.waitMs);
      }),
    flush: () => flush(),
  };
}

/** What of an outcome is written: itself, and its chunks unless there are so many that they are written ahead. */
function rowsOf(outcome: ReadOutcome): number {
  if (outcome.kind !== "stored") return 1;
  const { chunks, text } = outcome.document;
  const isAhead = chunks.length > CHUNKS_A_TRANSACTION_MAX;
  return 1 + (isAhead ? Math.floor(text.length / STORE_CHARS_A_ROW) : chunks.length);
}

function countRows(waiting: readonly Waiting[]): number {
  return waiting.reduce((sum, { rows }) => sum + rows, 0);
}

type Pacing = { pace: WritePace; isFull: boolean };

async function writeBatch(
  writing: StoreWriting,
  batch: readonly Waiting[],
  { pace, isFull }: Pacing,
): Promise<void> {
  try {
    for (let rest = batch; rest.length > 0; ) {
      const part = firstWithin(rest, pace.countMax(), ({ rows }) => rows);
      rest = rest.slice(part.length);
      await writePart(writing, part, { pace, isFull: isFull || rest.length > 0 });
    }
  } catch (thrown) {
    // Those that are committed already do not hear of it.
    for (const entry of batch) entry.failed(thrown);
  }
}

async function writePart(writing: StoreWriting, part: readonly Waiting[], pacing: Pacing): Promise<void> {
  const outcomes = part.map((entry) => entry.outcome);
  try {
    const tookMs = await writing.write(outcomes);
    pacing.pace.learn({ count: countRows(part), tookMs, isFull: pacing.isFull });
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.effect !== "skip") throw thrown;
    if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      const half = { pace: pacing.pace, isFull: false };
      await writePart(writing, part.slice(0, middle), half);
      return writePart(writing, part.slice(middle), half);
    }
    await writing.write(outcomes.map((outcome) => writing.insteadOf(outcome, thrown)));
  }
  for (const entry of part) entry.done();
}
