import { Worker } from "node:worker_threads";
import { SluiceError } from "@/lib/core/errors";
import { STORE_THREAD_ENDS_MAX } from "@/lib/core/limits";
import type { BatchStores, ClaimedBatch } from "./batch-stores";
import {
  receivedError,
  type StoreAnswer,
  type StoreCall,
  type StoreDone,
  type StoreRequest,
  type StoreThreadData,
} from "./store-messages";

/**
 * Stores in a thread beside this one, so that one core can fetch while another stores. It is started by the first
 * call: a sync that finds nothing to read never pays for it.
 *
 * A call rejects with what storing rejected with, or, when the thread ended over it, with `internal`; the next call
 * then starts another thread. The effect is `retry`, but `stop` once a run has met so many ends with nothing stored
 * between them that another would come to the same.
 */
export function openThreadedStores(args: { entry: string; data: StoreThreadData }): BatchStores {
  let thread: StoreThread | null = null;
  /** Of each run, the ends of threads since something of it was stored. */
  const ends = new Map<string, number>();
  const endedOver = (runIds: ReadonlySet<string>) => {
    thread = null;
    for (const runId of runIds) ends.set(runId, (ends.get(runId) ?? 0) + 1);
  };
  const ask = async (claimed: ClaimedBatch, call: StoreCall): Promise<StoreDone> => {
    const { runId } = claimed.batch;
    thread ??= startThread(args, endedOver);
    const answer = await thread.ask(claimed, call);
    if (answer.outcome === "ended") {
      const isHopeless = (ends.get(runId) ?? 0) >= STORE_THREAD_ENDS_MAX;
      throw isHopeless ? threadKeepsEnding(answer.cause) : threadEnded(answer.cause);
    }
    if (call.kind !== "nextToRead") ends.delete(runId);
    if (answer.outcome === "failed") throw receivedError(answer.error);
    return answer;
  };
  return {
    open: (claimed, drainCost) => ({
      nextToRead: async () => (await ask(claimed, { kind: "nextToRead" })).queued,
      recordOutcomes: async (outcomes) => (await ask(claimed, { kind: "recordOutcomes", outcomes })).tookMs,
      close: async () => void (await ask(claimed, { kind: "close", cost: drainCost() })),
    }),
    close: async () => thread?.close(),
  };
}

type Answer = StoreAnswer | { outcome: "ended"; cause: unknown };

type StoreThread = {
  ask(claimed: ClaimedBatch, call: StoreCall): Promise<Answer>;
  close(): Promise<void>;
};

type Asked = { runId: string; settle: (answer: Answer) => void };

/** `onEnd` is told of the runs whose calls the thread had when it ended, before they are. */
function startThread(
  args: { entry: string; data: StoreThreadData },
  onEnd: (runIds: ReadonlySet<string>) => void,
): StoreThread {
  const worker = new Worker(args.entry, { workerData: args.data });
  const asked = new Map<number, Asked>();
  let requests = 0;
  let broken: unknown = null;
  worker.on("message", (answer: StoreAnswer) => {
    const waiting = asked.get(answer.id);
    asked.delete(answer.id);
    waiting?.settle(answer);
  });
  // Said before the exit, which follows.
  worker.on("error", (error) => {
    broken = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      onEnd(new Set([...asked.values()].map(({ runId }) => runId)));
      for (const { settle } of asked.values()) settle({ outcome: "ended", cause: broken });
      resolve();
    });
  });
  return {
    ask: (claimed, call) =>
      new Promise((settle) => {
        const request: StoreRequest = { id: ++requests, claimed, call };
        worker.postMessage(request);
        asked.set(request.id, { runId: claimed.batch.runId, settle });
      }),
    close: async () => {
      worker.postMessage(null);
      await ended;
    },
  };
}

function threadEnded(cause: unknown): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "retry",
    message: "The thread that stores documents ended in the middle of its work. It is tried again.",
    cause,
  });
}

function threadKeepsEnding(cause: unknown): SluiceError {
  return new SluiceError({
    code: "internal",
    effect: "stop",
    message: `The thread that stores documents ended ${STORE_THREAD_ENDS_MAX} times in a row without storing anything; Sluice's log says why.`,
    cause,
  });
}
