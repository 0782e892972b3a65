import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import type { ExtractedDocument } from "./extract";
import { type Batch, isBatchRead, isReady, type ObjectToRead, packBatch } from "./messages";

/** The bounds of one child, in the units of their names. */
export type ChildBounds = {
  /** Until a fresh child can read. */
  startTimeoutMs: number;
  /** One batch. */
  timeoutMs: number;
  residentBytesMax: number;
  watchIntervalMs: number;
};

/** How one batch ended. After anything but `read` the child is gone. */
export type BatchOutcome =
  | { outcome: "read"; documents: ExtractedDocument[]; residentBytes: number }
  | { outcome: "killed"; because: "time" | "memory" }
  | { outcome: "died" };

/** One child process. It reads one batch at a time. */
export interface Child {
  /** False when the process ended, or said nothing within the time bound, before it was ready. */
  readonly isReady: Promise<boolean>;
  read(objects: readonly ObjectToRead[]): Promise<BatchOutcome>;
  /** Ends the process at once (it holds nothing worth keeping) and waits until it is gone. */
  end(): Promise<void>;
}

/** How a process ended that nobody here killed. */
type Ending = "heap" | "other";

/** V8's own bound; what parsers hold outside its heap is bounded by `residentBytesMax`. */
const HEAP_MB_MAX = 512;

/**
 * Starts a child with none of this process's environment: what a hostile object could make a parser reach
 * must hold no secret.
 */
export function startChild(entry: string, bounds: ChildBounds): Child {
  const child = fork(entry, [], {
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    env: { NODE_ENV: "production", TZ: "UTC" },
    execArgv: [`--max-old-space-size=${HEAP_MB_MAX}`, "--disallow-code-generation-from-strings"],
  });
  const gone = watchEnding(child);
  let batchCount = 0;
  return {
    isReady: waitUntilReady(child, gone, bounds.startTimeoutMs),
    read: (objects) => readBatch(child, gone, bounds, packBatch(++batchCount, objects)),
    async end() {
      child.kill("SIGKILL");
      await new Promise<Ending>((resolve) => gone.hear(resolve));
    },
  };
}

/** Who hears of the end of a process. The function it gives back forgets the listener. */
type Gone = { hear(listener: (ending: Ending) => void): () => void };

/** Not a promise: whoever waits for one leaves something behind in it, batch for batch, for as long as the child lives. */
function watchEnding(child: ChildProcess): Gone {
  const listeners = new Set<(ending: Ending) => void>();
  let ended: Ending | null = null;
  const end = (ending: Ending) => {
    ended ??= ending;
    for (const listener of listeners) listener(ended);
    listeners.clear();
  };
  // V8 aborts when its heap is full.
  child.once("exit", (_code, signal) => end(signal === "SIGABRT" ? "heap" : "other"));
  // A process that could not be started has no exit.
  child.on("error", () => (child.pid === undefined ? end("other") : child.kill("SIGKILL")));
  return {
    hear: (listener) => {
      if (ended === null) listeners.add(listener);
      else listener(ended);
      return () => void listeners.delete(listener);
    },
  };
}

async function waitUntilReady(child: ChildProcess, gone: Gone, timeoutMs: number): Promise<boolean> {
  const timer = setTimeout(() => child.kill("SIGKILL"), timeoutMs);
  const isUp = await new Promise<boolean>((resolve) => {
    child.on("message", (message: unknown) => {
      if (isReady(message)) resolve(true);
    });
    gone.hear(() => resolve(false));
  });
  clearTimeout(timer);
  return isUp;
}

async function readBatch(
  child: ChildProcess,
  gone: Gone,
  bounds: ChildBounds,
  batch: Batch,
): Promise<BatchOutcome> {
  const killed: { because: "time" | "memory" | null } = { because: null };
  const kill = (because: "time" | "memory") => {
    killed.because ??= because;
    child.kill("SIGKILL");
  };
  const timer = setTimeout(() => kill("time"), bounds.timeoutMs);
  const watch = setInterval(() => {
    if (residentBytesOf(child.pid) > bounds.residentBytesMax) kill("memory");
  }, bounds.watchIntervalMs);

  let leave = () => {};
  const outcome = await new Promise<BatchOutcome>((resolve) => {
    const onMessage = (message: unknown) => {
      if (!isBatchRead(message) || message.batch !== batch.batch) return;
      resolve({ outcome: "read", documents: message.documents, residentBytes: message.residentBytes });
    };
    const forget = gone.hear((ending) => {
      const because = killed.because ?? (ending === "heap" ? "memory" : null);
      resolve(because === null ? { outcome: "died" } : { outcome: "killed", because });
    });
    leave = () => {
      forget();
      child.off("message", onMessage);
    };
    child.on("message", onMessage);
    // A send that does not arrive ends in the child's exit, which is heard of.
    child.send(batch, () => undefined);
  });
  clearTimeout(timer);
  clearInterval(watch);
  leave();
  return outcome;
}

const PAGE_BYTES = 4_096;

/** Resident memory as Linux tells it; zero elsewhere, where the child watches itself. */
function residentBytesOf(pid: number | undefined): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}
