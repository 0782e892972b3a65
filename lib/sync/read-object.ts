import { setTimeout as pause } from "node:timers/promises";
import { asSluiceError, SluiceError } from "@/lib/core/errors";
import {
  ATTEMPTS_BEFORE_DAILY,
  OBJECT_BYTES_MAX,
  READ_TRIES_MAX,
  REPLANS_PER_RUN_MAX,
  RETRY_PAUSE_MS,
} from "@/lib/core/limits";
import type { Extractor } from "@/lib/extract/extract";
import type { ListedObject, ObjectSource, ReadResult } from "@/lib/source/source";
import type { QueuedObject, ReadOutcome } from "./batch-store";
import { listOne } from "./list-one";
import type { StageClock } from "./stages";

export type ReadDeps = {
  source: ObjectSource;
  extractor: Extractor;
  stages: StageClock;
  now: () => number;
  /** From 0 to 1; spreads the pauses of readers that were refused together. */
  random: () => number;
  signal: AbortSignal;
};

/** An object whose bytes are there, or how its reading has already ended. */
export type Fetched =
  | { outcome: "fetched"; queued: QueuedObject; read: ReadBytes }
  | { outcome: "ended"; reading: ReadOutcome };

/**
 * Fetches one object. Resolves with its bytes or with how its reading ended, whatever is wrong with the object; rejects
 * only with errors that end the run (effect `stop`) or when the signal is aborted.
 *
 *   the store says            outcome
 *   the listed version        its bytes
 *   another version           listed again by its key and read again, at most twice; then failed
 *   no such object            skipped as vanished; never a removal
 *   try later, after retries  failed, due again
 */
export async function fetchObject(queued: QueuedObject, deps: ReadDeps): Promise<Fetched> {
  try {
    const found = await deps.stages.time("fetch", () => readWantedVersion(queued, deps));
    if (found.outcome === "read")
      return { outcome: "fetched", queued: { ...queued, object: found.object }, read: found.result };
    return { outcome: "ended", reading: { kind: "skipped", queued, reason: "vanished", message: null } };
  } catch (thrown) {
    return { outcome: "ended", reading: failureOf(queued, thrown, deps) };
  }
}

/** Takes the text out of fetched bytes: stored, skipped (unsupported_type, empty) or failed. Rejects as `fetchObject`. */
export async function extractFetched(
  { queued, read }: Extract<Fetched, { outcome: "fetched" }>,
  deps: ReadDeps,
): Promise<ReadOutcome> {
  try {
    return await deps.stages.time("extract", () => extractRead(queued, read, deps));
  } catch (thrown) {
    return failureOf(queued, thrown, deps);
  }
}

function failureOf(queued: QueuedObject, thrown: unknown, deps: ReadDeps): ReadOutcome {
  deps.signal.throwIfAborted();
  const error = asSluiceError(thrown);
  if (error.effect === "stop") throw thrown;
  return failure(queued, error, "fetch", deps);
}

type ReadBytes = Extract<ReadResult, { outcome: "read" }>;
type WantedVersion = { outcome: "read"; object: ListedObject; result: ReadBytes } | { outcome: "vanished" };

async function readWantedVersion(queued: QueuedObject, deps: ReadDeps): Promise<WantedVersion> {
  let object = queued.object;
  for (let replans = 0; replans <= REPLANS_PER_RUN_MAX; replans++) {
    const result = await readWithRetries(object, deps);
    if (result.outcome === "read") return { outcome: "read", object, result };
    if (result.outcome === "vanished") return { outcome: "vanished" };
    const present = await listOne(object.key, deps);
    if (present === null) return { outcome: "vanished" };
    object = present;
  }
  throw new SluiceError({
    code: "object_changed",
    effect: "retry",
    message: "The object changed each time it was read. The next run reads it again.",
  });
}

async function readWithRetries(object: ListedObject, deps: ReadDeps): Promise<ReadResult> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.source.read({ object, bytesMax: OBJECT_BYTES_MAX, signal: deps.signal });
    } catch (thrown) {
      const isLast = attempt >= READ_TRIES_MAX;
      if (isLast || !(thrown instanceof SluiceError) || thrown.effect !== "retry") throw thrown;
      // The client has waited and asked again by itself, and was told to slow down each time.
      if (thrown.code === "source_throttled") throw thrown;
      await pause(RETRY_PAUSE_MS * attempt * (0.5 + deps.random()), undefined, { signal: deps.signal });
    }
  }
}

async function extractRead(queued: QueuedObject, read: ReadBytes, deps: ReadDeps): Promise<ReadOutcome> {
  const extraction = await deps.extractor.extract({
    name: queued.object.key,
    bytes: read.bytes,
    signal: deps.signal,
  });
  switch (extraction.outcome) {
    case "text":
      return {
        kind: "stored",
        queued,
        etag: read.etag,
        lastModified: read.lastModified,
        document: extraction,
      };
    case "unsupported":
      return { kind: "skipped", queued, reason: "unsupported_type", message: extraction.detected };
    case "empty":
      return { kind: "skipped", queued, reason: "empty", message: null };
    case "failed": {
      const error = new SluiceError({ code: extraction.code, effect: "skip", message: extraction.message });
      return failure(queued, error, "extract", deps);
    }
    default:
      return extraction satisfies never;
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * A failure that may pass is due again on the next run, five times, then once a day. One that would be the same
 * again waits for a change of the object, of the rule or of the extractor, or for a person.
 */
function failure(
  queued: QueuedObject,
  error: SluiceError,
  stage: "fetch" | "extract",
  deps: ReadDeps,
): ReadOutcome {
  const attempt = queued.attempts + 1;
  const mayPass =
    error.effect === "retry" || error.code === "object_denied" || error.code === "object_changed";
  const nextTryAt = !mayPass ? null : attempt < ATTEMPTS_BEFORE_DAILY ? deps.now() : deps.now() + DAY_MS;
  return { kind: "failed", queued, code: error.code, stage, message: error.message, attempt, nextTryAt };
}
