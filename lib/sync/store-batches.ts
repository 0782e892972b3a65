import { STORE_BATCH_CHARS_MAX, STORE_BATCH_OBJECTS_MAX } from "@/lib/core/limits";
import type { ReadOutcome } from "./batch-store";

/** Collects outcomes and writes them in batches, one batch at a time. */
export type StoreBatches = {
  /** Resolves when the outcome is committed. */
  add(outcome: ReadOutcome): Promise<void>;
  /** Writes what is left. */
  flush(): Promise<void>;
};

type Waiting = { outcome: ReadOutcome; done: () => void; failed: (thrown: unknown) => void };

/**
 * `write` is called with one batch at a time; its rejection is every waiting caller's. A batch is written when it is
 * full, when all of the `expected` outcomes have come, or when its first has waited for `waitMs`.
 */
export function openStoreBatches(
  args: { expected: number; waitMs: number },
  write: (outcomes: ReadOutcome[]) => Promise<void>,
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
    if (batch.length > 0) tail = tail.then(() => writeBatch(write, batch));
    return tail;
  };

  return {
    add: (outcome) =>
      new Promise<void>((done, failed) => {
        waiting.push({ outcome, done, failed });
        expected -= 1;
        chars += outcome.kind === "stored" ? outcome.document.text.length : 0;
        const isFull = waiting.length >= STORE_BATCH_OBJECTS_MAX || chars >= STORE_BATCH_CHARS_MAX;
        if (isFull || expected <= 0) void flush();
        else timer ??= setTimeout(() => void flush(), args.waitMs);
      }),
    flush,
  };
}

async function writeBatch(
  write: (outcomes: ReadOutcome[]) => Promise<void>,
  batch: Waiting[],
): Promise<void> {
  try {
    await write(batch.map((entry) => entry.outcome));
    for (const entry of batch) entry.done();
  } catch (thrown) {
    for (const entry of batch) entry.failed(thrown);
  }
}
