import { decodeContent } from "./content-encoding";
import { cutShort, readBody } from "./s3-body";
import { notS3, unreachable } from "./s3-errors";
import { requestPage } from "./s3-listing";
import { type ObjectAnswer, requestObject } from "./s3-reading";
import type { OpenObject } from "./s3-requests";
import { type S3Options, S3Session } from "./s3-session";
import { SharedDeadline } from "./shared-deadline";
import type { ListedObject, ObjectSource, ReadResult, SourceSettings } from "./source";

const SECOND_MS = 1_000;

/**
 * A bucket of any S3-compatible service. Throws `invalid_input` for settings that cannot be; sends nothing yet.
 * One source is one set of kept-alive sockets: open it for a run, close it at its end.
 */
export function openS3Source(settings: SourceSettings, options: S3Options): ObjectSource {
  const session = new S3Session(settings, options);
  const opener = new ListedObjectOpener(session);
  const deadline = new SharedDeadline({
    timeoutMs: session.timeouts.callMs,
    onTimeout: () => unreachable(`"${session.names().host}" takes too long to answer.`),
  });
  return {
    listPage: ({ signal, ...request }) =>
      deadline.run(signal, (inner) => requestPage(session, request, inner)),
    read: ({ object, bytesMax, signal }) =>
      deadline.run(signal, async (inner) => {
        const answer = await opener.open(object, inner);
        return readAnswer(session, { answer, listed: object, bytesMax });
      }),
    foundRegion: () => session.foundRegion(),
    close: () => session.close(),
  };
}

/**
 * Opens an object on the condition that it is the listed one, and remembers whether this store can judge that.
 *
 * Some stores answer 412 to an ETag they listed themselves (weak ones, or rewritten by a proxy). So a 412 is asked
 * again without the condition, and the answer's own headers decide; where they say "the same", `If-Match` is not
 * sent again to this store.
 */
class ListedObjectOpener {
  readonly #session: S3Session;
  #sendsIfMatch = true;

  constructor(session: S3Session) {
    this.#session = session;
  }

  async open(listed: ListedObject, signal: AbortSignal): Promise<ObjectAnswer> {
    const ifMatch = this.#sendsIfMatch && listed.etag !== "" ? listed.etag : null;
    const answer = await this.#request(listed, ifMatch, signal);
    if (ifMatch === null || answer.outcome !== "mismatch") return answer;
    const second = await this.#request(listed, null, signal);
    if (second.outcome === "open") this.#sendsIfMatch = false;
    return second;
  }

  async #request(listed: ListedObject, ifMatch: string | null, signal: AbortSignal): Promise<ObjectAnswer> {
    const answer = await requestObject(this.#session, { key: listed.key, ifMatch, range: null }, signal);
    if (answer.outcome !== "open") return answer;
    demandVersion(this.#session, answer.object);
    if (isListedVersion(answer.object, listed)) return answer;
    answer.object.body.destroy();
    return { outcome: "mismatch" };
  }
}

/** An answer that says neither which version it holds nor of when it is, is no object of a store. */
function demandVersion(session: S3Session, object: OpenObject): void {
  if (object.etag !== "" || object.lastModified !== null) return;
  object.body.destroy();
  throw notS3({ ...session.names(), operation: "read" });
}

/** By ETag where both sides have one; else by length and by LastModified to the second, all that HTTP dates hold. */
function isListedVersion(object: OpenObject, listed: ListedObject): boolean {
  if (object.etag !== "" && listed.etag !== "") return object.etag === listed.etag;
  const isSameLength = object.lengthBytes === null || object.lengthBytes === listed.sizeBytes;
  const isSameTime =
    object.lastModified === null || Math.abs(object.lastModified - listed.lastModified) < SECOND_MS;
  return isSameLength && isSameTime;
}

async function readAnswer(
  session: S3Session,
  { answer, listed, bytesMax }: { answer: ObjectAnswer; listed: ListedObject; bytesMax: number },
): Promise<ReadResult> {
  if (answer.outcome === "missing") return { outcome: "vanished" };
  if (answer.outcome === "mismatch") return { outcome: "changed" };
  const { object } = answer;
  const { lengthBytes, contentEncoding } = object;
  const sent = await readBody(object.body, {
    lengthBytes,
    bytesMax,
    idleMs: session.timeouts.idleMs,
    host: session.names().host,
  });
  const bytes = await decodeContent(sent, contentEncoding, bytesMax);
  // The listed length is that of the stored bytes; a proxy that compresses on its way makes it that of the decoded.
  const isWhole = sent.length === listed.sizeBytes || bytes.length === listed.sizeBytes;
  if (!isWhole) throw cutShort(sent.length, listed.sizeBytes);
  return {
    outcome: "read",
    bytes,
    etag: object.etag === "" ? listed.etag : object.etag,
    lastModified: object.lastModified ?? listed.lastModified,
    contentType: object.contentType,
  };
}
