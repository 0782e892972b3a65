import { asSluiceError, type ErrorCode, SluiceError } from "@/lib/core/errors";
import { CHECK_TIMEOUT_MS } from "@/lib/core/limits";
import { withDeadline } from "./deadline";
import { tryIfMatch } from "./if-match-trial";
import { wholeObject } from "./s3-body";
import { unreachable } from "./s3-errors";
import { requestPage } from "./s3-listing";
import { requestObject } from "./s3-reading";
import type { ObjectHead } from "./s3-requests";
import { type S3Options, S3Session } from "./s3-session";
import { isArchived, type ListedObject, type SourceCredentials, type SourceSettings } from "./source";

const CHECK_STAGES = ["address", "sign", "list", "read"] as const;
export type CheckStageName = (typeof CHECK_STAGES)[number];

/** One line of the console's list. `skipped` says why it was not reached or not needed. */
export type CheckStage = { name: CheckStageName; state: "ok" | "skipped" | "failed"; sentence: string };

export type SourceCheck = {
  /** All four, in order. */
  stages: CheckStage[];
  /** Null when the bucket can be synced; else what a door answers with. */
  error: SluiceError | null;
  /** The first keys under the prefix, at most 100, for the preview of tags. */
  sampleKeys: string[];
  /** Where the bucket is, if the store said that it is not in the region given; that one is to be stored. */
  foundRegion: string | null;
  /** Whether the store judges If-Match as it should; null where that cannot be told. */
  isIfMatchHonoured: boolean | null;
};

type Findings = Omit<SourceCheck, "foundRegion">;

const SAMPLE_KEYS_MAX = 100;
const EMPTY_PAGES_TRIED_MAX = 5;
const OBJECTS_TRIED_MAX = 3;
const ATTEMPTS_MAX = 2;

/**
 * Tries a bucket for real, within CHECK_TIMEOUT_MS: one listing, then one byte of the first readable object, and
 * whether the store judges a condition on its version.
 *
 *   stage     proves                                  fails with
 *   address   something answers and speaks S3         source_unreachable, source_throttled, invalid_input
 *   sign      the key, its secret and the region      source_auth, invalid_input
 *   list      s3:ListBucket on an existing bucket     source_denied, bucket_missing, listing_disorder
 *   read      s3:GetObject                            source_denied
 *
 * What the bucket answers is returned, never thrown. Rejects only with the reason of an aborted signal.
 */
export async function checkSource(
  args: { settings: SourceSettings; prefix: string; signal: AbortSignal; timeoutMs?: number } & S3Options,
): Promise<SourceCheck> {
  args.signal.throwIfAborted();
  const report = new CheckReport(args.settings);
  let session: S3Session;
  try {
    session = new S3Session(args.settings, { ...args, attemptsMax: ATTEMPTS_MAX });
  } catch (error) {
    return { ...report.fail("address", asSluiceError(error)), foundRegion: null };
  }
  try {
    const findings = await checkInTime(session, report, args);
    return { ...findings, foundRegion: session.foundRegion() };
  } finally {
    session.close();
  }
}

async function checkInTime(
  session: S3Session,
  report: CheckReport,
  args: { prefix: string; signal: AbortSignal; timeoutMs?: number },
): Promise<Findings> {
  const { host } = session.names();
  const timeoutMs = args.timeoutMs ?? CHECK_TIMEOUT_MS;
  const onTimeout = () =>
    unreachable(`"${host}" did not finish answering within ${timeoutMs / 1_000} seconds.`);
  try {
    return await withDeadline({ signal: args.signal, timeoutMs, onTimeout }, (signal) =>
      runStages(session, { prefix: args.prefix, signal, report }),
    );
  } catch (error) {
    if (args.signal.aborted) throw args.signal.reason;
    return report.fail(report.nextStage, asSluiceError(error));
  }
}

async function runStages(
  session: S3Session,
  { prefix, signal, report }: { prefix: string; signal: AbortSignal; report: CheckReport },
): Promise<Findings> {
  let objects: ListedObject[];
  try {
    objects = await firstObjects(session, prefix, signal);
  } catch (error) {
    signal.throwIfAborted();
    const failure = asSluiceError(error);
    return report.failListing(failure, session);
  }
  report.passListing(session, prefix, objects);
  const read = await readOneByte(session, objects, signal);
  if (read.state === "failed") return report.fail("read", read.error);
  const isIfMatchHonoured = read.state === "ok" ? await tryIfMatch(session, read.object, signal) : null;
  return report.finish(read, isIfMatchHonoured);
}

/** The first page that has keys: a page may be empty and not be the last. */
async function firstObjects(
  session: S3Session,
  prefix: string,
  signal: AbortSignal,
): Promise<ListedObject[]> {
  let token: string | null = null;
  for (let page = 0; page < EMPTY_PAGES_TRIED_MAX; page++) {
    const answer = await requestPage(session, { prefix, startAfter: null, token }, signal);
    if (answer.objects.length > 0 || answer.nextToken === null) return answer.objects;
    token = answer.nextToken;
  }
  return [];
}

type ReadTrial =
  | { state: "ok"; sentence: string; object: ListedObject }
  | { state: "skipped"; sentence: string }
  | { state: "failed"; error: SluiceError };

async function readOneByte(
  session: S3Session,
  objects: ListedObject[],
  signal: AbortSignal,
): Promise<ReadTrial> {
  const { asker, bucket, host } = session.names();
  // A store that ignores Range starts to send everything; its headers have proved enough.
  const wants = ({ lengthBytes }: ObjectHead) => lengthBytes === 1;
  const readable = objects.filter((object) => object.sizeBytes > 0 && !isArchived(object.storageClass));
  for (const object of readable.slice(0, OBJECTS_TRIED_MAX)) {
    try {
      const request = { key: object.key, ifMatch: null, range: "bytes=0-0", bytesMax: 1, wants };
      const answer = await requestObject(session, request, signal);
      if (answer.outcome === "missing" || answer.outcome === "mismatch") continue;
      if (answer.outcome === "read") wholeObject(answer.body, { lengthBytes: 1, bytesMax: 1, host });
      return { state: "ok", sentence: `${asker} may read objects of "${bucket}".`, object };
    } catch (error) {
      signal.throwIfAborted();
      const failure = asSluiceError(error);
      // An archive that its storage class did not tell.
      if (failure.code === "object_archived") continue;
      return { state: "failed", error: asConnectionError(failure) };
    }
  }
  const why =
    objects.length === 0
      ? "There is no object yet to try reading."
      : "None of the first objects can be tried: they are empty, archived or gone.";
  return { state: "skipped", sentence: why };
}

/** For a whole connection, an object that may not be read is a key that may not read. */
function asConnectionError(error: SluiceError): SluiceError {
  if (error.code !== "object_denied") return error;
  const { message, details } = error;
  return new SluiceError({ code: "source_denied", effect: "stop", message, details, cause: error });
}

const STAGE_OF_CODE: Readonly<Partial<Record<ErrorCode, CheckStageName>>> = {
  source_auth: "sign",
  invalid_input: "sign",
  source_denied: "list",
  bucket_missing: "list",
  listing_disorder: "list",
};

/** What a listing proves about who asked. */
const ACCEPTED: Readonly<Record<SourceCredentials["kind"], string>> = {
  keys: "The access key and its secret are accepted.",
  role: "The role can be assumed, and what it gives is accepted.",
  ambient: "The identity of this server is accepted.",
  anonymous: "Nothing is signed: the bucket is asked without credentials.",
};

class CheckReport {
  readonly #settings: SourceSettings;
  readonly #stages: CheckStage[] = [];
  #sampleKeys: string[] = [];

  constructor(settings: SourceSettings) {
    this.#settings = settings;
  }

  get nextStage(): CheckStageName {
    return CHECK_STAGES[this.#stages.length] ?? "read";
  }

  passListing(session: S3Session, prefix: string, objects: ListedObject[]): void {
    const { bucket } = this.#settings;
    const where = prefix === "" ? `"${bucket}"` : `"${bucket}" under "${prefix}"`;
    const sentence =
      objects.length === 0 ? `${where} can be listed; it is empty.` : `${where} can be listed.`;
    this.#passUpTo("list", session);
    this.#stages.push({ name: "list", state: "ok", sentence });
    this.#sampleKeys = objects.slice(0, SAMPLE_KEYS_MAX).map((object) => object.key);
  }

  failListing(error: SluiceError, session: S3Session): Findings {
    const stage = STAGE_OF_CODE[error.code] ?? "address";
    this.#passUpTo(stage, session);
    return this.fail(stage, error);
  }

  fail(name: CheckStageName, error: SluiceError): Findings {
    const sentence = error.details ?? error.message;
    this.#stages.push({ name, state: "failed", sentence: sentence.replace(/^metadata\.\w+: /, "") });
    for (const later of CHECK_STAGES.slice(this.#stages.length)) {
      this.#stages.push({ name: later, state: "skipped", sentence: "Not tried." });
    }
    return { stages: this.#stages, error, sampleKeys: this.#sampleKeys, isIfMatchHonoured: null };
  }

  finish(read: Omit<CheckStage, "name">, isIfMatchHonoured: boolean | null): Findings {
    this.#stages.push({ name: "read", state: read.state, sentence: read.sentence });
    return { stages: this.#stages, error: null, sampleKeys: this.#sampleKeys, isIfMatchHonoured };
  }

  #passUpTo(stage: CheckStageName, session: S3Session): void {
    const sentences = {
      address: `"${session.names().host}" answers.`,
      sign: this.#acceptedIn(session.foundRegion()),
      list: "",
      read: "",
    };
    for (const name of CHECK_STAGES.slice(0, CHECK_STAGES.indexOf(stage))) {
      this.#stages.push({ name, state: "ok", sentence: sentences[name] });
    }
  }

  #acceptedIn(foundRegion: string | null): string {
    const accepted = ACCEPTED[this.#settings.credentials.kind];
    if (foundRegion === null) return accepted;
    return `${accepted} The bucket is in "${foundRegion}", not in "${this.#settings.region}"; that region is used.`;
  }
}
