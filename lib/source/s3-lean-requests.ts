import { LIST_ANSWER_BYTES_MAX, LIST_PAGE_KEYS_MAX, S3_ERROR_BYTES_MAX } from "@/lib/core/limits";
import type { ConnectionPool } from "./connection-pool";
import { isWeakEtag, normaliseEtag, quoteEtag } from "./etag";
import {
  type AnswerHeaders,
  demandWhole,
  headerOf,
  isErrorDocument,
  parseError,
  S3AnswerError,
} from "./s3-answer";
import { type Answer, exchange } from "./s3-exchange";
import { parseListing } from "./s3-listing-xml";
import type {
  Listing,
  ListRequest,
  ObjectAnswer,
  ObjectHead,
  ObjectRequest,
  S3Requests,
} from "./s3-requests";
import type { S3Signer } from "./s3-signer";
import { MalformedXml } from "./xml-reader";

/** S3 refuses signatures of another quarter of an hour; smaller differences are left alone. */
const CLOCK_SKEW_MS_MAX = 4 * 60_000;

/** `path` and `query` are encoded; the query may be empty. */
type AskedFor = { path: string; query: string; headers: Record<string, string> };

/** The two requests, signed by the SDK's signer and otherwise our own, which costs a fraction of what the SDK takes. */
export class LeanRequests implements S3Requests {
  readonly #pool: ConnectionPool;
  /** As the header has it, with the port where it is not the scheme's own. */
  readonly #host: string;
  /** What stands before a key; ends in a slash. */
  readonly #path: string;
  /** Null where nothing is signed. */
  readonly #signer: S3Signer | null;
  readonly #now: () => number;
  /** What the store's clock is ahead of ours, once that has mattered. */
  #clockOffsetMs = 0;

  /** `url` has the bucket in it, in the host or in the path. */
  constructor(args: {
    url: URL;
    /** To that URL's origin. */
    pool: ConnectionPool;
    signer: S3Signer | null;
    now: () => number;
  }) {
    const { url } = args;
    this.#pool = args.pool;
    this.#host = url.host;
    this.#path = url.pathname.endsWith("/") ? url.pathname : `${url.pathname}/`;
    this.#signer = args.signer;
    this.#now = args.now;
  }

  async list(request: ListRequest, signal: AbortSignal): Promise<Listing> {
    const asked = { path: this.#path, query: listQuery(request), headers: { host: this.#host } };
    const { headers, body } = await this.#send(asked, () => LIST_ANSWER_BYTES_MAX, signal);
    const bytes = body === null ? null : demandWhole(body);
    if (bytes === null) throw new S3AnswerError({ status: 200, headers });
    if (isErrorDocument(bytes)) throw new S3AnswerError({ status: 503, headers }, parseError(bytes));
    try {
      return parseListing(bytes);
    } catch (error) {
      if (error instanceof MalformedXml) throw new S3AnswerError({ status: 200, headers }, {}, error);
      throw error;
    }
  }

  async get(
    { key, ifMatch, range, bytesMax, wants }: ObjectRequest,
    signal: AbortSignal,
  ): Promise<ObjectAnswer> {
    const headers: Record<string, string> = { host: this.#host };
    if (ifMatch !== null) headers["if-match"] = quoteEtag(ifMatch);
    if (range !== null) headers.range = range;
    const path = this.#path + encodeKey(key);
    const opened: { head: ObjectHead | null } = { head: null };
    const bytesMaxOf = (answered: AnswerHeaders) => {
      opened.head = objectHead(answered);
      return wants(opened.head) ? bytesMax : null;
    };
    const answer = await this.#send({ path, query: "", headers }, bytesMaxOf, signal);
    return { head: opened.head ?? objectHead(answer.headers), body: answer.body };
  }

  /** Resolves with an answer that is a success, of whose body so much was read as `bytesMaxOf` its headers said. */
  async #send(
    { path, query, headers }: AskedFor,
    bytesMaxOf: (headers: AnswerHeaders) => number | null,
    signal: AbortSignal,
  ): Promise<Answer> {
    const now = this.#now() + this.#clockOffsetMs;
    await this.#signer?.sign({ path, query, headers, now });
    headers["user-agent"] = "sluice";
    const answer = await exchange(
      this.#pool,
      {
        path: query === "" ? path : `${path}?${query}`,
        headers,
        bytesMaxOf: (head) => (isSuccess(head.status) ? bytesMaxOf(head.headers) : S3_ERROR_BYTES_MAX),
      },
      signal,
    );
    if (isSuccess(answer.status)) return answer;
    throw this.#refusal(answer);
  }

  #refusal({ status, headers, body }: Answer): S3AnswerError {
    const bytes = body === null ? null : demandWhole(body);
    const isClockCorrected = this.#correctClock(status, headerOf(headers, "date"));
    return new S3AnswerError({ status, headers, isClockCorrected }, bytes === null ? {} : parseError(bytes));
  }

  /** A signature with a wrong time is refused in as many ways as there are stores; their own time is in each answer. */
  #correctClock(status: number, date: string | null): boolean {
    if (this.#signer === null || ![400, 401, 403].includes(status)) return false;
    const offsetMs = Date.parse(date ?? "") - this.#now();
    if (!(Math.abs(offsetMs - this.#clockOffsetMs) >= CLOCK_SKEW_MS_MAX)) return false;
    this.#clockOffsetMs = offsetMs;
    return true;
  }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Its names are in the order in which they are signed. */
function listQuery({ prefix, startAfter, token }: ListRequest): string {
  const query: [name: string, value: string][] = [];
  if (token !== null) query.push(["continuation-token", token]);
  // XML cannot carry every character that a key may have.
  query.push(["encoding-type", "url"], ["list-type", "2"], ["max-keys", String(LIST_PAGE_KEYS_MAX)]);
  if (prefix !== "") query.push(["prefix", prefix]);
  if (token === null && startAfter !== null) query.push(["start-after", startAfter]);
  return query.map(([name, value]) => `${name}=${encodeStrictly(value)}`).join("&");
}

function objectHead(headers: AnswerHeaders): ObjectHead {
  const lastModified = Date.parse(headerOf(headers, "last-modified") ?? "");
  const length = headerOf(headers, "content-length");
  const etag = headerOf(headers, "etag");
  return {
    etag: normaliseEtag(etag),
    isEtagWeak: isWeakEtag(etag),
    lastModified: Number.isNaN(lastModified) ? null : lastModified,
    lengthBytes: length === null ? null : Number(length),
    contentType: headerOf(headers, "content-type"),
    contentEncoding: encodingOf(headers["content-encoding"]),
  };
}

/** Encodings add up, in one header or in several. */
function encodingOf(value: string | string[] | undefined): string | null {
  return (Array.isArray(value) ? value.join(",") : value) ?? null;
}

/** Keys are encoded byte for byte, but their slashes stay; nothing is resolved, `..` is a name like any other. */
function encodeKey(key: string): string {
  return /^[\w./~-]*$/.test(key) ? key : encodeStrictly(key).replaceAll("%2F", "/");
}

/** As signatures want it: all but letters, digits and `-._~`. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
