import type { CollectedBody } from "./body-pieces";
import { decodeContent } from "./content-encoding";
import { tryIfMatch } from "./if-match-trial";
import { isListedVersion } from "./listed-version";
import { cutShort, wholeObject } from "./s3-body";
import { notS3 } from "./s3-errors";
import { requestPage } from "./s3-listing";
import { type ObjectOutcome, requestObject } from "./s3-reading";
import type { ObjectHead } from "./s3-requests";
import { type S3Options, S3Session } from "./s3-session";
import type { ListedObject, ObjectSource, ReadResult, SourceSettings } from "./source";

/**
 * A bucket of any S3-compatible service. Throws `invalid_input` for settings that cannot be; sends nothing yet.
 * One source is one set of kept-alive sockets: open it for a run, close it at its end.
 */
export function openS3Source(
  settings: SourceSettings,
  options: S3Options & {
    /** What the check has found. Null: it could not tell, and the first read tries. Left out: as if it were. */
    isIfMatchHonoured?: boolean | null;
  },
): ObjectSource {
  const session = new S3Session(settings, options);
  const { isIfMatchHonoured = true } = options;
  const asker = new ListedObjectAsker(session, isIfMatchHonoured);
  return {
    listPage: ({ signal, ...request }) => requestPage(session, request, signal),
    read: async ({ object, bytesMax, beforeUnfolding, signal }) => {
      const answer = await asker.ask(object, bytesMax, signal);
      if (answer.outcome === "missing") return { outcome: "vanished" };
      if (answer.outcome !== "read") return { outcome: "changed" };
      const bounds = { listed: object, bytesMax, beforeUnfolding, host: session.names().host };
      return resultOf(answer, bounds);
    },
    findings: () => ({ region: session.foundRegion(), isIfMatchHonoured: asker.found() }),
    close: () => session.close(),
  };
}

/**
 * Asks for an object on the condition that it is the listed one, and remembers whether this store can judge that.
 *
 * Some stores answer 412 to an ETag they listed themselves (weak ones, or rewritten by a proxy). So a 412 is asked
 * again without the condition, and the answer's own headers decide; where they say "the same", this store counts as one
 * that does not honour `If-Match`, which is not sent to it again. Where nobody knows, the first read tries it.
 */
class ListedObjectAsker {
  readonly #session: S3Session;
  readonly #known: boolean | null;
  #found: boolean | null = null;
  #trial: Promise<void> | null = null;

  constructor(session: S3Session, isIfMatchHonoured: boolean | null) {
    this.#session = session;
    this.#known = isIfMatchHonoured;
  }

  /** Null: nothing but what was known. */
  found(): boolean | null {
    return this.#found;
  }

  async ask(listed: ListedObject, bytesMax: number, signal: AbortSignal): Promise<ObjectOutcome> {
    if (this.#known === null) await this.#try(listed, signal);
    const isIfMatchHonoured = this.#found ?? this.#known ?? true;
    const ifMatch = isIfMatchHonoured && listed.etag !== "" ? listed.etag : null;
    const wants = (head: ObjectHead) =>
      hasVersion(head) && isListedVersion(head, listed, { isIfMatchHonoured });
    const request = { key: listed.key, ifMatch, range: null, bytesMax, wants };
    const first = demandVersion(this.#session, await requestObject(this.#session, request, signal));
    const isSettled = first.outcome === "read" || first.outcome === "missing";
    if (ifMatch === null || isSettled) return first;
    const unconditional = { ...request, ifMatch: null };
    const second = demandVersion(this.#session, await requestObject(this.#session, unconditional, signal));
    if (second.outcome === "read") this.#found = false;
    return second;
  }

  /** Once, for all that are read at the same time. */
  async #try(listed: ListedObject, signal: AbortSignal): Promise<void> {
    this.#trial ??= tryIfMatch(this.#session, listed, signal).then(
      (found) => {
        this.#found ??= found;
      },
      () => {},
    );
    await this.#trial;
    signal.throwIfAborted();
  }
}

/** An answer that says neither which version it holds nor of when it is, is no object of a store. */
function demandVersion(session: S3Session, answer: ObjectOutcome): ObjectOutcome {
  if (answer.outcome !== "unwanted" || hasVersion(answer.head)) return answer;
  throw notS3({ ...session.names(), operation: "read" });
}

function hasVersion({ etag, lastModified }: ObjectHead): boolean {
  return etag !== "" || lastModified !== null;
}

async function resultOf(
  { head, body }: { head: ObjectHead; body: CollectedBody },
  bounds: { listed: ListedObject; bytesMax: number; beforeUnfolding?: () => Promise<void>; host: string },
): Promise<ReadResult> {
  const { listed, bytesMax, host } = bounds;
  const { lengthBytes, contentEncoding } = head;
  const sent = wholeObject(body, { lengthBytes, bytesMax, host });
  const bytes = contentEncoding === null ? sent : await decodeContent(sent, contentEncoding, bounds);
  // The listed length is that of the stored bytes; a proxy that compresses on its way makes it that of the decoded.
  const isWhole = sent.length === listed.sizeBytes || bytes.length === listed.sizeBytes;
  if (!isWhole) throw cutShort(sent.length, listed.sizeBytes);
  return {
    outcome: "read",
    bytes,
    etag: head.etag === "" ? listed.etag : head.etag,
    lastModified: head.lastModified ?? listed.lastModified,
    contentType: head.contentType,
  };
}
