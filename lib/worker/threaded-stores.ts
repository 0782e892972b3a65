import { Worker } from "node:worker_threads";
import { SluiceError } from "@/lib/core/errors";
import type { QueuedObject } from "@/lib/sync/batch-store";
import type { BatchStores, ClaimedBatch } from "./batch-stores";
import {
  receivedError,
  type StoreAnswer,
  type StoreCall,
  type StoreRequest,
  type StoreThreadData,
} from "./store-messages";

/**
 * Stores in a thread beside this one, so that one core can fetch while another stores. It is started by the first
 * call: a sync that finds nothing to read never pays for it.
 *
 * A call rejects with what storing rejected with, or, when the thread ended over it, with `internal` (effect
 * `retry`); the next call then starts another thread.
 */
export function openThreadedStores(args: { entry: string; data: StoreThreadData }): BatchStores {
  let thread: StoreThread | null = null;
  const ask = (claimed: ClaimedBatch, call: StoreCall) => {
    thread ??= startThread(args, () => {
      thread = null;
    });
    return thread.ask(claimed, call);
  };
  return {
    open: (claimed, drainCost) => ({
      nextToRead: () => ask(claimed, { kind: "nextToRead" }),
      recordOutcomes: async (outcomes) => void (await ask(claimed, { kind: "recordOutcomes", outcomes })),
      close: async () => void (await ask(claimed, { kind: "close", cost: drainCost() })),
    }),
    close: async () => thread?.close(),
  };
}

type StoreThread = {
  ask(claimed: ClaimedBatch, call: StoreCall): Promise<QueuedObject[]>;
  close(): Promise<void>;
};

type Asked = { resolve: (queued: QueuedObject[]) => void; reject: (error: SluiceError) => void };

function startThread(args: { entry: string; data: StoreThreadData }, onEnd: () => void): StoreThread {
  const worker = new Worker(args.entry, { workerData: args.data });
  const asked = new Map<number, Asked>();
  let requests = 0;
  let broken: unknown = null;
  worker.on("message", (answer: StoreAnswer) => {
    const waiting = asked.get(answer.id);
    asked.delete(answer.id);
    if (answer.outcome === "done") waiting?.resolve(answer.queued);
    else waiting?.reject(receivedError(answer.error));
  });
  // Said before the exit, which follows.
  worker.on("error", (error) => {
    broken = error;
  });
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", () => {
      onEnd();
      for (const { reject } of asked.values()) reject(threadEnded(broken));
      resolve();
    });
  });
  return {
    ask: (claimed, call) =>
      new Promise((resolve, reject) => {
        const request: StoreRequest = { id: ++requests, claimed, call };
        worker.postMessage(request);
        asked.set(request.id, { resolve, reject });
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
