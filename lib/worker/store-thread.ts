import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { systemClock } from "@/lib/core/clock";
import { createLog } from "@/lib/core/log";
import { openDatabase } from "@/lib/db/database";
import { embeddedDestination } from "@/lib/destination/embedded";
import { type BatchStores, localStores } from "./batch-stores";
import {
  type StoreAnswer,
  type StoreDone,
  type StoreRequest,
  type StoreThreadData,
  sentError,
} from "./store-messages";

/**
 * Entry of the thread that stores what the worker has read, with a database handle of its own. Only
 * `threaded-stores.ts` starts it. Ends when it is sent null and what was asked before is done.
 */
async function main(port: MessagePort, { place, logLevel }: StoreThreadData): Promise<void> {
  const log = createLog({ level: logLevel, part: "store" });
  const database = openDatabase({ ...place, log, durability: "replayable" });
  const stores = localStores({ database, destination: embeddedDestination, now: systemClock });
  const underWay = new Set<Promise<void>>();
  port.on("message", async (request: StoreRequest | null) => {
    if (request === null) {
      await Promise.all(underWay);
      return port.close();
    }
    const answering = answer(stores, request).then((done) => port.postMessage(done));
    underWay.add(answering);
    await answering;
    underWay.delete(answering);
  });
  await new Promise((resolve) => port.once("close", resolve));
  await database.close();
}

async function answer(stores: BatchStores, request: StoreRequest): Promise<StoreAnswer> {
  const { id } = request;
  try {
    return { id, outcome: "done", ...(await call(stores, request)) };
  } catch (thrown) {
    return { id, outcome: "failed", error: sentError(thrown) };
  }
}

async function call(stores: BatchStores, { claimed, call }: StoreRequest): Promise<StoreDone> {
  const store = stores.open(claimed, () => {
    if (call.kind !== "close") throw new TypeError("only the end of a batch has a cost");
    return call.cost;
  });
  const done: StoreDone = { queued: [], tookMs: 0 };
  if (call.kind === "nextToRead") return { ...done, queued: await store.nextToRead() };
  if (call.kind === "recordOutcomes") return { ...done, tookMs: await store.recordOutcomes(call.outcomes) };
  await store.close();
  return done;
}

if (parentPort !== null) await main(parentPort, workerData);
