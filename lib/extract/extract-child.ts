import { setPriority } from "node:os";
import { Worker } from "node:worker_threads";
import { EXTRACT_RESIDENT_BYTES_MAX } from "@/lib/core/limits";
import type { ExtractedDocument } from "./extract";
import { type Batch, type BatchRead, isBatch, type Ready, unpackBatch } from "./messages";
import { readDocument } from "./read-document";

/** Entry of a child process: reads batches until its parent goes. Only `child-pool.ts` starts it. */
function main(): void {
  // Pages are answered before texts are read.
  setPriority(PRIORITY);
  watchFromBeside();
  // Ctrl-C reaches the whole process group; when to end is the parent's to say.
  process.on("SIGINT", () => undefined);
  process.on("disconnect", () => process.exit(0));
  // Parsers reject promises that nobody holds besides the one that is awaited.
  process.on("unhandledRejection", () => undefined);
  process.on("message", (message: unknown) => {
    if (isBatch(message)) void readBatch(message);
  });
  send({ ready: true });
}

const PRIORITY = 5;
const GUARD_INTERVAL_MS = 1_000;

async function readBatch(batch: Batch): Promise<void> {
  const documents: ExtractedDocument[] = [];
  for (const { name, bytes } of unpackBatch(batch)) documents.push(await readDocument(name, bytes));
  send({ batch: batch.batch, documents, residentBytes: process.memoryUsage.rss() });
}

function send(message: Ready | BatchRead): void {
  process.send?.(message);
}

/**
 * A parser that never yields hears no disconnect and sees no signal handler. A thread beside it ends the process
 * when the parent is gone and, where the parent cannot see it, when it takes too much memory.
 */
function watchFromBeside(): void {
  const guard = new Worker(
    `const { workerData } = require("node:worker_threads");
     setInterval(() => {
       const isOrphan = process.ppid !== workerData.parentId;
       if (isOrphan || process.memoryUsage.rss() > workerData.residentBytesMax) process.kill(process.pid, "SIGKILL");
     }, workerData.intervalMs);`,
    {
      eval: true,
      workerData: {
        parentId: process.ppid,
        residentBytesMax: EXTRACT_RESIDENT_BYTES_MAX,
        intervalMs: GUARD_INTERVAL_MS,
      },
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
    },
  );
  guard.unref();
}

main();
