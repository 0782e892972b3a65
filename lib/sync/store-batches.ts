import { SluiceError } from "@/lib/core/errors";
import { STORE_BATCH_CHARS_MAX } from "@/lib/core/limits";
import type { ReadOutcome } from "./batch-store";
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
   * Writes all of them or none, and resolves with how many milliseconds that took of the database. Effect `skip`: one of
   * them is refused for what it is.
   */
  write(outcomes: ReadOutcome[]): Promise<number>;
  /** What is written instead of an outcome that was refused by itself. */
  insteadOf(refused: ReadOutcome, error: SluiceError): ReadOutcome;
};

type Waiting = { outcome: ReadOutcome; done: () => void; failed: (thrown: unknown) => void };

/**
 * One batch is written at a time; what it rejects with is the rejection of every caller whose outcome is not committed.
 * A batch is written when it is full, when all of the `expected` outcomes have come, or when its first has waited for
 * `waitMs`. One that holds more than the pace allows by then is written in parts. One that is refused is written in
 * halves, until the outcome that is at fault stands alone.
 */
export function openStoreBatches(
  args: { expected: number; waitMs: number; pace: WritePace },
  writing: StoreWriting,
): StoreBatches {
  let expected = args.expected;
  let waiting: Waiting[] = [];
  let chars = 0;
  let timer: NodeJS.Timeout | null = null;
  let tail: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = waiting;
    waiting = [];
    chars = 0;
    if (batch.length > 0) tail = tail.then(() => writeBatch(writing, batch, args.pace));
    return tail;
  };

  return {
    add: (outcome) =>
      new Promise<void>((done, failed) => {
        waiting.push({ outcome, done, failed });
        expected -= 1;
        chars += outcome.kind === "stored" ? outcome.document.text.length : 0;
        const isFull = waiting.length >= args.pace.countMax() || chars >= STORE_BATCH_CHARS_MAX;
        if (isFull || expected <= 0) void flush();
        else timer ??= setTimeout(() => void flush(), args.waitMs);
      }),
    flush,
  };
}

async function writeBatch(writing: StoreWriting, batch: readonly Waiting[], pace: WritePace): Promise<void> {
  try {
    for (let rest = batch; rest.length > 0; ) {
      const part = rest.slice(0, pace.countMax());
      rest = rest.slice(part.length);
      await writePart(writing, part, pace);
    }
  } catch (thrown) {
    // Those that are committed already do not hear of it.
    for (const entry of batch) entry.failed(thrown);
  }
}

async function writePart(writing: StoreWriting, part: readonly Waiting[], pace: WritePace): Promise<void> {
  const outcomes = part.map((entry) => entry.outcome);
  try {
    pace.learn({ count: part.length, tookMs: await writing.write(outcomes) });
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.effect !== "skip") throw thrown;
    if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      await writePart(writing, part.slice(0, middle), pace);
      return writePart(writing, part.slice(middle), pace);
    }
    await writing.write(outcomes.map((outcome) => writing.insteadOf(outcome, thrown)));
  }
  for (const entry of part) entry.done();
}
