import { setTimeout as pause } from "node:timers/promises";
import { DAY_MS } from "@/lib/core/clock";
import { asSluiceError, type ErrorCode, SluiceError } from "@/lib/core/errors";
import {
  ATTEMPTS_BEFORE_DAILY,
  OBJECT_BYTES_MAX,
  READ_TRIES_MAX,
  REPLANS_PER_RUN_MAX,
  RETRY_PAUSE_MS,
} from "@/lib/core/limits";
import type { Logger } from "@/lib/core/log";
import type { ExtractedDocument, Extractor } from "@/lib/extract/extract";
import type { SkipReason } from "@/lib/rules/tally";
import type { ListedObject, ObjectSource, ReadResult } from "@/lib/source/source";
import type { QueuedObject, ReadOutcome } from "./batch-store";
import { skipReasonOf } from "./eligibility";
import { listOne } from "./list-one";
import type { HeldMemory } from "./read-memory";
import type { Scope } from "./scope";
import type { StageClock } from "./stages";

export type ReadDeps = {
  connectionId: string;
  source: ObjectSource;
  extractor: Extractor;
  scope: Scope;
  stages: StageClock;
  log: Logger;
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
 * Fetches one object. Resolves with its bytes or with how its reading ended, whatever is wrong with the object, also
 * what nobody foresaw; rejects only with errors that end the run (effect `stop`) or when the signal is aborted.
 *
 *   the store says            outcome
 *   the listed version        its bytes
 *   another version           listed again by its key, judged as its listing was and read again, at most twice; then failed
 *   no such object            skipped as vanished; never a removal
 *   it lies in an archive     skipped as archived, asked again after a day: no listing tells when it is restored
 *   try later, after retries  failed, due again
 */
export async function fetchObject(queued: QueuedObject, held: HeldMemory, deps: ReadDeps): Promise<Fetched> {
  try {
    const found = await deps.stages.time("fetch", () => readWantedVersion(queued.object, held, deps));
    const present = { ...queued, object: found.object };
    if (found.outcome === "read") return { outcome: "fetched", queued: present, read: found.result };
    return { outcome: "ended", reading: skipped(present, found.reason) };
  } catch (thrown) {
    return { outcome: "ended", reading: readingEndedBy(thrown, queued, "fetch", deps) };
  }
}

/**
 * Takes the text out of fetched bytes, once there is room for it: stored, skipped (unsupported_type, empty) or failed.
 * Rejects as `fetchObject`.
 */
export async function extractFetched(
  { queued, read }: Extract<Fetched, { outcome: "fetched" }>,
  held: HeldMemory,
  deps: ReadDeps,
): Promise<ReadOutcome> {
  try {
    const extraction = await extractWithin({ queued, read }, held, deps);
    return readingOf({ queued, read }, extraction, deps);
  } catch (thrown) {
    return readingEndedBy(thrown, queued, "extract", deps);
  }
}

/** What was thrown over one object, as its outcome. Throws what is no matter of this object alone. */
function readingEndedBy(
  thrown: unknown,
  queued: QueuedObject,
  stage: "fetch" | "extract",
  deps: ReadDeps,
): ReadOutcome {
  deps.signal.throwIfAborted();
  const error = asSluiceError(thrown);
  // What Sluice does not know has an object to do with it: the next one may well be read.
  if (error !== thrown) deps.log.error({ err: thrown, key: queued.object.key }, "reading an object broke");
  else if (error.effect === "stop") throw error;
  if (error.code === "object_archived")
    return { ...skipped(queued, "archived", error.message), nextTryAt: deps.now() + DAY_MS };
  return failure(queued, error, stage, deps);
}

type ReadBytes = Extract<ReadResult, { outcome: "read" }>;
type WantedVersion =
  | { outcome: "read"; object: ListedObject; result: ReadBytes }
  | { outcome: "skipped"; object: ListedObject; reason: SkipReason };

async function readWantedVersion(
  listed: ListedObject,
  held: HeldMemory,
  deps: ReadDeps,
): Promise<WantedVersion> {
  let object = listed;
  for (let replans = 0; replans <= REPLANS_PER_RUN_MAX; replans++) {
    const result = await readWithRetries(object, held, deps);
    if (result.outcome === "read") return { outcome: "read", object, result };
    const present = result.outcome === "vanished" ? null : await listOne(object.key, deps);
    if (present === null) return { outcome: "skipped", object: listed, reason: "vanished" };
    const reason = deps.scope.isInScope(present) ? skipReasonOf(present) : "filtered";
    if (reason !== null) return { outcome: "skipped", object: present, reason };
    await held.holdFetched(present.sizeBytes);
    object = present;
  }
  throw new SluiceError({
    code: "object_changed",
    effect: "retry",
    message: "The object changed each time it was read. The next run reads it again.",
  });
}

async function readWithRetries(object: ListedObject, held: HeldMemory, deps: ReadDeps): Promise<ReadResult> {
  const { signal } = deps;
  const beforeUnfolding = () => held.holdUnfolding();
  for (let attempt = 1; ; attempt++) {
    try {
      return await deps.source.read({ object, bytesMax: OBJECT_BYTES_MAX, beforeUnfolding, signal });
    } catch (thrown) {
      const isLast = attempt >= READ_TRIES_MAX;
      if (isLast || !(thrown instanceof SluiceError) || thrown.effect !== "retry") throw thrown;
      // The client has waited and asked again by itself, and was told to slow down each time.
      if (thrown.code === "source_throttled") throw thrown;
      await pause(RETRY_PAUSE_MS * attempt * (0.5 + deps.random()), undefined, { signal: deps.signal });
    }
  }
}

type Unread = { queued: QueuedObject; read: ReadBytes };

/**
 * The text, once there is room for it. How much it takes shows only when it is there; where that is more than was
 * foreseen, and there is no room for that, it is let go, and taken out again when there is room.
 */
async function extractWithin(unread: Unread, held: HeldMemory, deps: ReadDeps): Promise<ExtractedDocument> {
  await untilRoom(held.holdText(unread.read.bytes.byteLength), deps);
  const found = await extractIfRoom(unread, held, deps);
  if (typeof found !== "number") return found;
  await untilRoom(held.holdUnforeseen(found), deps);
  const again = await extractOnce(unread, deps);
  held.keepText(again);
  return again;
}

/** The text, or how much room it lacks: nobody who waits for that may still lead to it. */
async function extractIfRoom(
  unread: Unread,
  held: HeldMemory,
  deps: ReadDeps,
): Promise<ExtractedDocument | number> {
  const document = await extractOnce(unread, deps);
  return held.fitText(document) ? document : held.unforeseenOf(document);
}

function extractOnce({ queued, read }: Unread, deps: ReadDeps): Promise<ExtractedDocument> {
  const { connectionId, signal } = deps;
  const asked = { owner: connectionId, name: queued.object.key, bytes: read.bytes, signal };
  return deps.stages.time("extract", () => deps.extractor.extract(asked));
}

async function untilRoom(room: Promise<void> | null, { stages }: ReadDeps): Promise<void> {
  if (room !== null) await stages.time("wait", () => room);
}

function readingOf({ queued, read }: Unread, extraction: ExtractedDocument, deps: ReadDeps): ReadOutcome {
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
      return { ...skipped(queued, "unsupported_type", extraction.detected), detected: extraction.detected };
    case "empty":
      return { ...skipped(queued, "empty"), detected: extraction.detected };
    case "failed": {
      const error = new SluiceError({ code: extraction.code, effect: "skip", message: extraction.message });
      return { ...failure(queued, error, "extract", deps), detected: extraction.detected };
    }
    default:
      return extraction satisfies never;
  }
}

function skipped(queued: QueuedObject, reason: SkipReason, message: string | null = null) {
  return { kind: "skipped", queued, reason, message, detected: null, nextTryAt: null } as const;
}

/** Besides what says `retry`: rights change, objects come to rest, and what is ours or the destination's is mended. */
const MAY_PASS: ReadonlySet<ErrorCode> = new Set([
  "object_denied",
  "object_changed",
  "destination",
  "internal",
]);

/**
 * A failure that may pass is due again on the next run, five times, then once a day. One that would be the same
 * again waits for a change of the object, of the rule or of the extractor, or for a person.
 */
export function failure(
  queued: QueuedObject,
  error: SluiceError,
  stage: "fetch" | "extract" | "store",
  deps: Pick<ReadDeps, "now">,
): Extract<ReadOutcome, { kind: "failed" }> {
  const attempt = queued.attempts + 1;
  const mayPass = error.effect === "retry" || MAY_PASS.has(error.code);
  const nextTryAt = !mayPass ? null : attempt < ATTEMPTS_BEFORE_DAILY ? deps.now() : deps.now() + DAY_MS;
  const { code, message } = error;
  return { kind: "failed", queued, code, stage, message, detected: null, attempt, nextTryAt };
}
