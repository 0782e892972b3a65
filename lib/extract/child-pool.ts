import { SluiceError } from "@/lib/core/errors";
import {
  EXTRACT_AWAITED_MS,
  EXTRACT_CHILDREN,
  EXTRACT_KILLS_MAX,
  EXTRACT_RESIDENT_BYTES_MAX,
  EXTRACT_TIMEOUT_MS,
} from "@/lib/core/limits";
import { type BatchOutcome, type Child, type ChildBounds, startChild } from "./child";
import { openChildStarts } from "./child-starts";
import type { ExtractedDocument, Extractor } from "./extract";
import { ExtractQueue, type Waiting } from "./extract-queue";

export type ExtractorArgs = {
  /** Path of the bundled `extract-child.ts`. */
  entry: string;
  children?: number;
  /** How long something waits for a child that is there before another is started. */
  awaitedMs?: number;
} & Partial<ChildBounds>;

/** How often a busy child's memory is looked at. A parser takes about 150 MB between two looks. */
const WATCH_INTERVAL_MS = 100;
/** An idle child above this share of its memory bound is ended; the next work starts a fresh one. */
const RECYCLED_ABOVE_SHARE = 0.5;

type Slot = { child: Child | null; isBusy: boolean };

/**
 * A pool of child processes: one is started when work comes, another where it does not do for what comes. Small objects
 * go in batches, large ones alone. Owners take turns: what one has waiting comes after a batch of each other at most,
 * in the child that is free first.
 *
 *   a batch ends by                      its objects
 *   its answer                           have their documents
 *   time, memory, or death; several      are each tried again alone
 *   time, memory, or death; one, once    is tried again alone
 *   time, memory, or death; one, twice   is `extract_timeout` or `extract_failed`
 *   no child that starts                 reject, as does all that waits (`internal`, effect `retry`)
 *
 * `extract` also rejects with the signal's reason when aborted, when closed, and when more objects wait than
 * the queue holds, which a caller that bounds its own reads never sees.
 */
export function openExtractor(args: ExtractorArgs): Extractor {
  const bounds = boundsOf(args);
  const slots = Array.from(
    { length: args.children ?? EXTRACT_CHILDREN },
    (): Slot => ({ child: null, isBusy: false }),
  );
  const queue = new ExtractQueue();
  const starts = openChildStarts(args.awaitedMs ?? EXTRACT_AWAITED_MS, startIdleSlots);
  let isClosed = false;
  let isStarting = false;

  /** What arrives in the same turn of the event loop travels together. */
  function startSoon(): void {
    if (isStarting) return;
    isStarting = true;
    setImmediate(() => {
      isStarting = false;
      startIdleSlots();
    });
  }

  function startIdleSlots(): void {
    for (const slot of idleOf(slots)) {
      if (isClosed || queue.isEmpty) return;
      if (slot.child === null && !mayStartChild()) return;
      workThroughQueue(slot).catch((cause: unknown) => giveUp(slot, cause));
    }
  }

  /** The first at once. */
  const mayStartChild = () => slots.every(isUnused) || starts.mayStart(queue.waitsSince);

  /** Whether it has one that works. */
  async function hasChild(slot: Slot): Promise<boolean> {
    if (slot.child !== null) return true;
    starts.begin();
    slot.child = startChild(args.entry, bounds);
    if (await slot.child.isReady) startSoon();
    else slot.child = null;
    starts.end();
    return slot.child !== null;
  }

  /** The system would not even try to start a process: out of memory or of process numbers. */
  function giveUp(slot: Slot, cause: unknown): void {
    slot.child = null;
    slot.isBusy = false;
    starts.end();
    queue.rejectAll(cannotStart(args.entry, cause));
  }

  async function workThroughQueue(slot: Slot): Promise<void> {
    slot.isBusy = true;
    while (!isClosed && !queue.isEmpty) {
      if (!(await hasChild(slot)) || slot.child === null) {
        if (!isClosed) queue.rejectAll(cannotStart(args.entry));
        break;
      }
      const batch = queue.take(slots.filter(({ child }) => child !== null).length);
      if (batch.length === 0) break;
      const outcome = await slot.child.read(batch.map(({ name, bytes }) => ({ name, bytes })));
      if (isClosed) break;
      settle(batch, outcome, queue, bounds);
      if (isWornOut(outcome, bounds)) {
        await slot.child.end();
        slot.child = null;
      }
    }
    slot.isBusy = false;
  }

  return {
    extract(object) {
      if (isClosed) return Promise.reject(closed());
      const document = queue.add(object);
      startSoon();
      return document;
    },
    async close() {
      isClosed = true;
      queue.rejectAll(closed());
      await Promise.all(slots.map((slot) => slot.child?.end()));
    },
  };
}

function boundsOf(args: ExtractorArgs): ChildBounds {
  return {
    startTimeoutMs: args.startTimeoutMs ?? EXTRACT_TIMEOUT_MS,
    timeoutMs: args.timeoutMs ?? EXTRACT_TIMEOUT_MS,
    residentBytesMax: args.residentBytesMax ?? EXTRACT_RESIDENT_BYTES_MAX,
    watchIntervalMs: args.watchIntervalMs ?? WATCH_INTERVAL_MS,
  };
}

const isUnused = ({ isBusy, child }: Slot) => !isBusy && child === null;

/** Those that have a child first. */
function idleOf(slots: readonly Slot[]): Slot[] {
  const idle = slots.filter(({ isBusy }) => !isBusy);
  return [...idle.filter(({ child }) => child !== null), ...idle.filter(({ child }) => child === null)];
}

function settle(batch: Waiting[], outcome: BatchOutcome, queue: ExtractQueue, bounds: ChildBounds): void {
  if (outcome.outcome === "read") {
    for (const [at, waiting] of batch.entries())
      waiting.resolve(outcome.documents[at] ?? failure({ outcome: "died" }, bounds));
    return;
  }
  for (const waiting of batch.reverse()) {
    waiting.losses++;
    if (batch.length === 1 && waiting.losses >= EXTRACT_KILLS_MAX) waiting.resolve(failure(outcome, bounds));
    else queue.addAgain(waiting);
  }
}

function isWornOut(outcome: BatchOutcome, bounds: ChildBounds): boolean {
  return outcome.outcome !== "read" || outcome.residentBytes > bounds.residentBytesMax * RECYCLED_ABOVE_SHARE;
}

function failure(
  outcome: Exclude<BatchOutcome, { outcome: "read" }>,
  bounds: ChildBounds,
): ExtractedDocument {
  if (outcome.outcome === "died") {
    const message = "The process that read the object ended before it had its text, each time it was tried.";
    return { outcome: "failed", code: "extract_failed", message, detected: null };
  }
  if (outcome.because === "time") {
    const message = `Reading the object's text took longer than ${bounds.timeoutMs / 1_000} seconds, each time it was tried.`;
    return { outcome: "failed", code: "extract_timeout", message, detected: null };
  }
  const message =
    "Reading the object's text needed more memory than one object may take, each time it was tried.";
  return { outcome: "failed", code: "extract_failed", message, detected: null };
}

function cannotStart(entry: string, cause?: unknown): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message: `The process that reads texts (${entry}) does not start; build Sluice again and restart it.`,
    cause,
  });
}

function closed(): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message: "The extractor was closed before the object was read.",
  });
}
